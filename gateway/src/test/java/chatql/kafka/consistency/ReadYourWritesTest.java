package chatql.kafka.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.kafka.store.Source;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadYourWritesTest {
    private final ReadYourWrites writes = new ReadYourWrites();

    @Test
    void userWithoutWritesRequiresNoOffset() {
        assertThat(writes.of(new UserId("anna"))).isEmpty();
    }

    @Test
    void messageIsRequiredInRecipientsInboxAndSendersSentMessages() {
        writes.note(message("anna", "ben", 3, 40));

        assertThat(writes.of(new UserId("ben"))).isEqualTo(Map.of(Source.INBOX, 40L));
        assertThat(writes.of(new UserId("anna"))).isEqualTo(Map.of(3, 40L));
    }

    @Test
    void messageToSelfIsRequiredInInboxOnly() {
        writes.note(message("anna", "anna", 3, 40));

        assertThat(writes.of(new UserId("anna"))).isEqualTo(Map.of(Source.INBOX, 40L));
    }

    @Test
    void highestOffsetOfEachPartitionCountsInAnyOrder() {
        writes.note(message("anna", "ben", 3, 40));
        writes.note(message("anna", "carl", 5, 7));
        writes.note(message("anna", "ben", 3, 39));

        assertThat(writes.of(new UserId("anna"))).isEqualTo(Map.of(3, 40L, 5, 7L));
    }

    @Test
    void latestUsersAloneAreRemembered() {
        for (int user = 0; user < 60_000; user++) {
            writes.note(message("anna", "user" + user, 0, user));
        }

        assertThat(writes.of(new UserId("user0"))).isEmpty();
        assertThat(writes.of(new UserId("user59999"))).isNotEmpty();
        assertThat(writes.of(new UserId("anna"))).isNotEmpty();
    }

    private static Message message(String sender, String recipient, int partition, long offset) {
        return new Message(
                new Cursor(0x1000, 1_000, partition, offset), new UserId(sender), new UserId(recipient), "hello");
    }
}
