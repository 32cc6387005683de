package chatql.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import chatql.kafka.failure.TopicMismatch;
import java.util.HashMap;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionCountsTest {
    private static final TopicSettings SETTINGS = new TopicSettings("chat.", 12, 1, (short) 1);

    @Test
    void missingTopicsAreAccepted() {
        assertThatCode(() -> counts(0, 0, 0).check()).doesNotThrowAnyException();
    }

    @Test
    void matchingPartitionCountsAreAccepted() {
        assertThatCode(() -> counts(12, 12, 1).check()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            24 | 24 | 1 | Set chatql.topics.partitions to 24
            24 |  0 | 1 | Set chatql.topics.partitions to 24
            24 | 12 | 1 | Stop all pods, delete topic chat.sent, which is derived and will be re-created, set chatql.topics.partitions to 24
            12 | 24 | 1 | Stop all pods, delete topic chat.sent, which is derived and will be re-created, and start them
             0 | 24 | 1 | Stop all pods, delete topic chat.sent, which is derived and will be re-created, and start them
            12 | 12 | 3 | Set chatql.topics.user-partitions to 3 if the topic was created with that number
            """)
    void mismatchIsReportedWithRemedy(int messages, int sent, int users, String remedy) {
        TopicMismatch refused = catchThrowableOfType(
                TopicMismatch.class, () -> counts(messages, sent, users).check());

        assertThat(refused.remedy()).startsWith(remedy);
    }

    /** @param messages 0 for a topic that does not exist */
    private static PartitionCounts counts(int messages, int sent, int users) {
        var topics = new HashMap<String, LogIdentity.Topic>();
        put(topics, SETTINGS.messages(), messages);
        put(topics, SETTINGS.sent(), sent);
        put(topics, SETTINGS.users(), users);
        return new PartitionCounts(SETTINGS, new LogIdentity(topics));
    }

    private static void put(HashMap<String, LogIdentity.Topic> topics, String name, int partitions) {
        if (partitions > 0) {
            topics.put(name, new LogIdentity.Topic(Uuid.randomUuid(), partitions));
        }
    }
}
