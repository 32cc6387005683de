package chatql.kafka.store;

import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.OriginalPosition;
import chatql.user.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The first copy of each rerouted record; later copies are not shown. Entries are kept permanently, because a record at
 * its original position may be read, and rerouted, again at any time.
 *
 * <p>A rerouted record is identified by its original position and its content. Any service can write any original
 * position into a header. Without the digest, such a record would hide the one that was really there. With it, it hides
 * only identical copies.
 */
public final class RerouteIndex {
    /** 128 bits, which make a collision of two values infeasible. */
    private static final int DIGEST_BYTES = 16;

    private RerouteIndex() {}

    public static Bytes key(UserId recipient, OriginalPosition originalPosition, byte[] value, Headers headers) {
        ByteBuffer identity = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + Long.BYTES + DIGEST_BYTES)
                .putLong(originalPosition.epoch())
                .putInt(originalPosition.partition())
                .putLong(originalPosition.offset())
                .put(digest(value, MessageHeaders.clientMessageId(headers)), 0, DIGEST_BYTES);
        return TimelineKeySchema.rewritten(recipient, identity.array());
    }

    private static byte[] digest(byte[] value, @Nullable String clientMessageId) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, value.length));
            digest.update(value);
            return clientMessageId == null
                    ? digest.digest()
                    : digest.digest(clientMessageId.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException unavailable) {
            throw new IllegalStateException(unavailable);
        }
    }

    /** Stores the record at the offset as the first copy unless there is an earlier one. Returns whether there is. */
    public static boolean isRepeat(KeyValueStore<Bytes, byte[]> store, Bytes key, long offset) {
        byte @Nullable [] first = store.putIfAbsent(
                key, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
        return first != null && ByteBuffer.wrap(first).getLong() < offset;
    }
}
