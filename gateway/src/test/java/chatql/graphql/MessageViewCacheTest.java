package chatql.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import org.junit.jupiter.api.Test;

class MessageViewCacheTest {
    private final MessageViewCache views = new MessageViewCache();

    @Test
    void subscribersShareOneViewOfMessage() {
        MessageView first = views.of(message(0, 5));

        assertThat(views.of(message(0, 5))).isSameAs(first);
    }

    @Test
    void viewsOfDifferentMessagesAreNeverConfused() {
        for (int partition = 0; partition < 12; partition++) {
            for (int offset = 0; offset < 1_000; offset++) {
                assertThat(views.of(message(partition, offset)).getId()).isEqualTo(partition + "-" + offset);
            }
        }
    }

    private static Message message(int partition, long offset) {
        return new Message(new Cursor(0x1000, 1, partition, offset), new UserId("a"), new UserId("b"), "Hello");
    }
}
