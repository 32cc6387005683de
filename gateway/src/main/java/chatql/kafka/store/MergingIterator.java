package chatql.kafka.store;

import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Iterates over several key ranges of a store, merged by position, forwards or backwards between two positions. */
final class MergingIterator implements AutoCloseable {
    /** The next key and value of one range. */
    private record KeyCursor(KeyValueIterator<Bytes, byte[]> entries) {
        TimelinePosition timelinePosition() {
            return TimelinePosition.endOf(entries.peekNextKey());
        }
    }

    /** An entry at its position. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
    record Entry(TimelinePosition timelinePosition, byte[] value) {}

    private final List<KeyCursor> keyCursors;
    private final Comparator<KeyCursor> order;

    private MergingIterator(List<KeyCursor> keyCursors, Comparator<TimelinePosition> order) {
        this.keyCursors = keyCursors;
        this.order = Comparator.comparing(KeyCursor::timelinePosition, order);
    }

    /** Iterates from one position to another, both inclusive. */
    static MergingIterator forwards(
            ReadOnlyKeyValueStore<Bytes, byte[]> store,
            List<TimelineKeySchema> timelineKeySchemas,
            TimelinePosition from,
            TimelinePosition to) {
        return new MergingIterator(
                timelineKeySchemas.stream()
                        .map(timelineKeySchema ->
                                new KeyCursor(store.range(timelineKeySchema.key(from), timelineKeySchema.key(to))))
                        .toList(),
                Comparator.naturalOrder());
    }

    /** Iterates over the same positions, last one first. */
    static MergingIterator backwards(
            ReadOnlyKeyValueStore<Bytes, byte[]> store,
            List<TimelineKeySchema> timelineKeySchemas,
            TimelinePosition from,
            TimelinePosition to) {
        return new MergingIterator(
                timelineKeySchemas.stream()
                        .map(timelineKeySchema -> new KeyCursor(
                                store.reverseRange(timelineKeySchema.key(from), timelineKeySchema.key(to))))
                        .toList(),
                Comparator.reverseOrder());
    }

    boolean hasNext() {
        return nearest() != null;
    }

    /**
     * Returns the next entry. Throws {@link CancellationException} if the thread is interrupted, which happens once no
     * caller waits for the result.
     */
    Entry next() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException();
        }
        KeyCursor nearest = nearest();
        if (nearest == null) {
            throw new NoSuchElementException();
        }
        KeyValue<Bytes, byte[]> entry = nearest.entries().next();
        return new Entry(TimelinePosition.endOf(entry.key), entry.value);
    }

    private @Nullable KeyCursor nearest() {
        return keyCursors.stream()
                .filter(keyCursor -> keyCursor.entries().hasNext())
                .min(order)
                .orElse(null);
    }

    @Override
    public void close() {
        keyCursors.forEach(keyCursor -> keyCursor.entries().close());
    }
}
