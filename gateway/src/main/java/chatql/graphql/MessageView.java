package chatql.graphql;

import chatql.message.Message;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** The schema's {@code Message}. */
record MessageView(String id, String content, String senderId, String recipientId, String cursor, String sentAt) {
    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    static MessageView of(Message message) {
        return new MessageView(
                message.id(),
                message.content(),
                message.sender().value(),
                message.recipient().value(),
                message.cursor().text(),
                MILLISECONDS.format(message.sentAt()));
    }
}
