package chatql.kafka.topic;

import chatql.setting.PropertyConstraints;
import java.util.Objects;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The topics in Kafka.
 *
 * @param prefix what every topic's name begins with
 * @param partitions of the topics of messages; fixed for good by the first start, for users stay in their partition
 * @param userPartitions of the topic of users; with 1, ids are 1, 2, 3 and so on
 * @param replicationFactor of topics that the gateway creates; -1 is the broker's default
 */
@ConfigurationProperties("chatql.topics")
public record TopicSettings(
        @DefaultValue("chat.") String prefix,
        @DefaultValue("12") int partitions,
        @DefaultValue("1") int userPartitions,
        @DefaultValue("-1") short replicationFactor) {

    public TopicSettings {
        var allowed = new PropertyConstraints("chatql.topics");
        allowed.kafkaName("prefix", prefix, 0);
        allowed.number("partitions", partitions, 1, MAX_PARTITIONS);
        allowed.number("user-partitions", userPartitions, 1, MAX_PARTITIONS);
        allowed.that(
                replicationFactor == -1 || replicationFactor >= 1,
                "replication-factor",
                replicationFactor,
                "-1 or a number from 1 to 32767");
    }

    /** More than any cluster has of one topic; each is a store on disk and a task. */
    private static final int MAX_PARTITIONS = 10_000;

    /** The same partition of the messages. Throws where there is none of that number. */
    public int partition(int number) {
        return Objects.checkIndex(number, partitions);
    }

    /** The same partition of the users. Throws where there is none of that number. */
    public int userPartition(int number) {
        return Objects.checkIndex(number, userPartitions);
    }

    public String messages() {
        return prefix + "messages";
    }

    public String sent() {
        return prefix + "sent";
    }

    public String users() {
        return prefix + "users";
    }

    public String deadLetters() {
        return prefix + "messages.dlt";
    }

    public String repairCheckpoints() {
        return prefix + "repair-checkpoints";
    }
}
