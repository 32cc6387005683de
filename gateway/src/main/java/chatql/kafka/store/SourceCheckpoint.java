package chatql.kafka.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * How far a store has followed one source. It stands in the store itself, written after the entries it speaks of, so that
 * it comes back with them, or they without it, but never it without them.
 *
 * <p>Each writer has a key of its own, and the mark that is farthest counts: a pod that slept writes what it still had in
 * hand when another has come farther already.
 *
 * @param offset of the last record that is in the store, -1 for none
 * @param value what had been reached by then: the latest timestamp, or the count of users
 */
public record SourceCheckpoint(long offset, long value) {
    private static final SourceCheckpoint NONE = new SourceCheckpoint(-1, 0);

    /** The farthest. */
    public static SourceCheckpoint read(ReadOnlyKeyValueStore<Bytes, byte[]> store, int source) {
        SourceCheckpoint farthest = NONE;
        try (KeyValueIterator<Bytes, byte[]> marks = all(store, source)) {
            while (marks.hasNext()) {
                ByteBuffer stored = ByteBuffer.wrap(marks.next().value);
                var sourceCheckpoint = new SourceCheckpoint(stored.getLong(), stored.getLong());
                farthest = sourceCheckpoint.offset > farthest.offset ? sourceCheckpoint : farthest;
            }
        }
        return farthest;
    }

    public void write(KeyValueStore<Bytes, byte[]> store, int source, long writer) {
        store.put(
                key(source, writer),
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(offset)
                        .putLong(value)
                        .array());
    }

    /** Removes what others have written, once this writer's own mark stands for it. */
    public static void removeOthers(KeyValueStore<Bytes, byte[]> store, int source, long writer) {
        List<Bytes> others = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> marks = all(store, source)) {
            while (marks.hasNext()) {
                KeyValue<Bytes, byte[]> mark = marks.next();
                if (!mark.key.equals(key(source, writer))) {
                    others.add(mark.key);
                }
            }
        }
        others.forEach(store::delete);
    }

    /** As bytes are ordered, -1 is the last writer. */
    private static KeyValueIterator<Bytes, byte[]> all(ReadOnlyKeyValueStore<Bytes, byte[]> store, int source) {
        return store.range(key(source, 0), key(source, -1));
    }

    /** No user's key begins with a length of nought. */
    private static Bytes key(int source, long writer) {
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + Integer.BYTES + Long.BYTES)
                .putShort((short) 0)
                .putInt(source)
                .putLong(writer)
                .array());
    }
}
