package chatql.kafka;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * How far a store has followed one source. It stands in the store itself, written after the entries it speaks of, so that
 * it comes back with them, or they without it, but never it without them.
 *
 * @param offset of the last record that is in the store, -1 for none
 * @param value what had been reached by then: the latest timestamp, or the count of users
 */
record Mark(long offset, long value) {
    private static final Mark NONE = new Mark(-1, 0);

    static Mark read(KeyValueStore<Bytes, byte[]> store, int source) {
        byte @Nullable [] stored = store.get(key(source));
        if (stored == null) {
            return NONE;
        }
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        return new Mark(bytes.getLong(), bytes.getLong());
    }

    void write(KeyValueStore<Bytes, byte[]> store, int source) {
        store.put(
                key(source),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(offset)
                        .putLong(value)
                        .array());
    }

    /** No user's key begins with a length of nought. */
    private static Bytes key(int source) {
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + Integer.BYTES)
                .putShort((short) 0)
                .putInt(source)
                .array());
    }
}
