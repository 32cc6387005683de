package chatql.kafka.record;

import chatql.message.Draft;
import chatql.user.TextRules;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of a record in the topic of messages. */
public final class MessageHeaders {
    /** All headers of the gateway begin so. */
    public static final String OURS = "chatql-";

    /** The sender's own id for the message, in UTF-8; whoever produces to the topic may set it. */
    private static final String CLIENT_MESSAGE_ID = "clientMessageId";

    /** The gateway's own: how far history was asked for an earlier message of the same identity. */
    private static final String CHECKED = "chatql-dedup-offset";

    /** History could not be asked; delivery doesn't wait for it, and takes the message for a new one. */
    public static final long UNCHECKED = Long.MAX_VALUE;

    /** Whoever wrote the record knows nothing of history. */
    private static final long NOT_SAID = Long.MIN_VALUE;

    private MessageHeaders() {}

    /** The sender's own id for the message; null when it has none, or none that is fit for one. */
    public static @Nullable String clientMessageId(Headers headers) {
        String id = text(headers, CLIENT_MESSAGE_ID);
        return TextRules.violation(id, Draft.MAX_ID_LENGTH) == null ? id : null;
    }

    /** The offset up to which history has no message of the same identity. */
    public static long checked(Headers headers) {
        String offset = text(headers, CHECKED);
        return offset == null || !offset.matches("-?\\d{1,19}") ? NOT_SAID : parsed(offset);
    }

    private static long parsed(String offset) {
        try {
            return Long.parseLong(offset);
        } catch (NumberFormatException tooLarge) {
            return NOT_SAID;
        }
    }

    public static void write(Headers headers, String clientMessageId, long checked) {
        headers.add(CLIENT_MESSAGE_ID, clientMessageId.getBytes(StandardCharsets.UTF_8));
        headers.add(CHECKED, Long.toString(checked).getBytes(StandardCharsets.US_ASCII));
    }

    /** The header's text; null when there is none. */
    public static @Nullable String text(Headers headers, String name) {
        byte[] value = value(headers, name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** The last one's of that name. */
    public static byte @Nullable [] value(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }
}
