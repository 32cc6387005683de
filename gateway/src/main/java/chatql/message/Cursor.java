package chatql.message;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * A position in the log, immediately after the message at this offset; -1 is before the first one.
 *
 * @param epoch of the offset; a topic that is deleted and created again has a different one
 * @param timestamp when the log appended the message, in milliseconds since 1970
 */
public record Cursor(long epoch, long timestamp, int partition, long offset) {
    private static final int BYTES = Long.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final int CHARACTERS = 38;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** Whether this is the start of a subscription and no message's cursor: the log appends nothing at the time 0. */
    public boolean isStart() {
        return timestamp == 0;
    }

    /** Parses the output of {@link #text}. Empty for any other text. */
    public static Optional<Cursor> parse(String text) {
        // Checked before decoding, so that a client cannot choose how much is decoded.
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
        boolean possible = cursor.timestamp >= 0 && cursor.partition >= 0 && cursor.offset >= -1;
        return possible ? Optional.of(cursor) : Optional.empty();
    }

    /** The opaque form that clients store: 38 characters, safe in URLs and headers. */
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
