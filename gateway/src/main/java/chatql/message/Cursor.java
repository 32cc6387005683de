package chatql.message;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * A position in the log: right after the message that stands there.
 *
 * @param epoch which life of the topic this is; another one after the topic was deleted and made anew
 * @param timestamp when the log took the message, in milliseconds since 1970
 */
public record Cursor(long epoch, long timestamp, int partition, long offset) {
    private static final int BYTES = Long.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final int CHARACTERS = 38;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** Reads the text that {@link #text} wrote; empty for any other. */
    public static Optional<Cursor> parse(String text) {
        // Nothing of a length that a client chooses is decoded.
        if (text.length() != CHARACTERS) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            return bytes.remaining() == BYTES ? read(bytes).filter(c -> c.text().equals(text)) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static Optional<Cursor> read(ByteBuffer bytes) {
        var cursor = new Cursor(bytes.getLong(), bytes.getLong(), bytes.getInt(), bytes.getLong());
        boolean possible = cursor.timestamp >= 0 && cursor.partition >= 0 && cursor.offset >= 0;
        return possible ? Optional.of(cursor) : Optional.empty();
    }

    /** The opaque form that clients keep: 38 characters, safe in a URL and in a header. */
    public String text() {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .putLong(epoch)
                .putLong(timestamp)
                .putInt(partition)
                .putLong(offset)
                .array();
        return ENCODER.encodeToString(bytes);
    }
}
