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

/** Goes through some sections of a store at once, in the order of places or backwards, between two places. */
final class MergingIterator implements AutoCloseable {
    /** The next key and value of one section. */
    private record KeyCursor(KeyValueIterator<Bytes, byte[]> entries) {
        TimelinePosition timelinePosition() {
            return TimelinePosition.endOf(entries.peekNextKey());
        }
    }

    /** What stands at a place. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
    record Entry(TimelinePosition timelinePosition, byte[] value) {}

    private final List<KeyCursor> keyCursors;
    private final Comparator<KeyCursor> order;

    private MergingIterator(List<KeyCursor> keyCursors, Comparator<TimelinePosition> order) {
        this.keyCursors = keyCursors;
        this.order = Comparator.comparing(KeyCursor::timelinePosition, order);
    }

    /** From one place, it included, to another, it included. */
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

    /** The same places, the last one first. */
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

    /** Throws {@link CancellationException} once no caller waits for what is read: the thread is interrupted then. */
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
