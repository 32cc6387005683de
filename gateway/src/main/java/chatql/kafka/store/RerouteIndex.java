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
 * Which of the records that were written again from one place was the first; the others are not shown. It is kept for good,
 * for a place may be read again at any time, and so be written again.
 *
 * <p>What was written again is known by where it stood and by what it says. Any service can put any former place into a
 * header: without the digest it would hide what really stood there, and so it hides nothing but its own like.
 */
public final class RerouteIndex {
    /** Enough that nobody finds two values of one digest. */
    private static final int DIGEST_BYTES = 16;

    private RerouteIndex() {}

    public static Bytes key(UserId recipient, OriginalPosition place, byte[] value, Headers headers) {
        ByteBuffer identity = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + Long.BYTES + DIGEST_BYTES)
                .putLong(place.epoch())
                .putInt(place.partition())
                .putLong(place.offset())
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
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Takes down the record at the offset as the first, unless there was one; whether there was. */
    public static boolean isRepeat(KeyValueStore<Bytes, byte[]> store, Bytes key, long offset) {
        byte @Nullable [] first = store.putIfAbsent(
                key, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
        return first != null && ByteBuffer.wrap(first).getLong() < offset;
    }
}
