package chatql.kafka.record;

import chatql.message.Draft;
import chatql.user.TextRules;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of a message record. */
public final class MessageHeaders {
    /** The prefix of all headers of the gateway. */
    public static final String PREFIX = "chatql-";

    /** The sender's id for the message, in UTF-8. Every producer to the topic may set it. */
    private static final String CLIENT_MESSAGE_ID = "clientMessageId";

    /** A header of the gateway: the offset up to which history was searched for a message with the same identity. */
    private static final String CHECKED = "chatql-dedup-offset";

    /** History could not be queried. Delivery does not wait for it and treats the message as new. */
    public static final long UNCHECKED = Long.MAX_VALUE;

    /** The producer of the record did not query history. */
    private static final long NOT_CHECKED = Long.MIN_VALUE;

    private MessageHeaders() {}

    /** The sender's id for the message; null if there is no valid one. */
    public static @Nullable String clientMessageId(Headers headers) {
        String id = text(headers, CLIENT_MESSAGE_ID);
        return TextRules.violation(id, Draft.MAX_ID_LENGTH) == null ? id : null;
    }

    /** The offset up to which history has no message with the same identity. */
    public static long checked(Headers headers) {
        String offset = text(headers, CHECKED);
        return offset == null || !offset.matches("-?\\d{1,19}") ? NOT_CHECKED : parsed(offset);
    }

    private static long parsed(String offset) {
        try {
            return Long.parseLong(offset);
        } catch (NumberFormatException tooLarge) {
            return NOT_CHECKED;
        }
    }

    public static void write(Headers headers, String clientMessageId, long checked) {
        headers.add(CLIENT_MESSAGE_ID, clientMessageId.getBytes(StandardCharsets.UTF_8));
        headers.add(CHECKED, Long.toString(checked).getBytes(StandardCharsets.US_ASCII));
    }

    /** The header's text; null if there is none. */
    public static @Nullable String text(Headers headers, String name) {
        byte[] value = value(headers, name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** The value of the last header of that name; null if there is none. */
    public static byte @Nullable [] value(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }
}
