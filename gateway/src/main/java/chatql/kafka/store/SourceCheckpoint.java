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
 * The progress of a store on one source. The store itself holds the checkpoint, written after the entries that it
 * covers. A restore may bring back the entries without their checkpoint, but never a checkpoint without its entries.
 *
 * <p>Each writer has a key of its own, and the checkpoint with the highest offset counts. A pod that was suspended may
 * still write an old checkpoint after another pod has progressed further.
 *
 * @param offset of the last record that is in the store, -1 for none
 * @param value what the store had reached by then: the latest timestamp, or the number of users
 */
public record SourceCheckpoint(long offset, long value) {
    private static final SourceCheckpoint NONE = new SourceCheckpoint(-1, 0);

    /** Reads the checkpoint with the highest offset. */
    public static SourceCheckpoint read(ReadOnlyKeyValueStore<Bytes, byte[]> store, int source) {
        SourceCheckpoint farthest = NONE;
        try (KeyValueIterator<Bytes, byte[]> checkpoints = all(store, source)) {
            while (checkpoints.hasNext()) {
                ByteBuffer stored = ByteBuffer.wrap(checkpoints.next().value);
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

    /** Removes the checkpoints of other writers, after this writer has stored its own. */
    public static void removeOthers(KeyValueStore<Bytes, byte[]> store, int source, long writer) {
        List<Bytes> others = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> checkpoints = all(store, source)) {
            while (checkpoints.hasNext()) {
                KeyValue<Bytes, byte[]> checkpoint = checkpoints.next();
                if (!checkpoint.key.equals(key(source, writer))) {
                    others.add(checkpoint.key);
                }
            }
        }
        others.forEach(store::delete);
    }

    /** Keys compare as unsigned bytes, so -1 is the last writer. */
    private static KeyValueIterator<Bytes, byte[]> all(ReadOnlyKeyValueStore<Bytes, byte[]> store, int source) {
        return store.range(key(source, 0), key(source, -1));
    }

    /** A length of 0 separates checkpoints from users' keys, none of which begins with it. */
    private static Bytes key(int source, long writer) {
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + Integer.BYTES + Long.BYTES)
                .putShort((short) 0)
                .putInt(source)
                .putLong(writer)
                .array());
    }
}
