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
final class Walk implements AutoCloseable {
    /** The next key and value of one section. */
    private record Track(KeyValueIterator<Bytes, byte[]> entries) {
        Place place() {
            return Place.endOf(entries.peekNextKey());
        }
    }

    /** What stands at a place. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
    record Step(Place place, byte[] value) {}

    private final List<Track> tracks;
    private final Comparator<Track> order;

    private Walk(List<Track> tracks, Comparator<Place> order) {
        this.tracks = tracks;
        this.order = Comparator.comparing(Track::place, order);
    }

    /** From one place, it included, to another, it included. */
    static Walk forwards(ReadOnlyKeyValueStore<Bytes, byte[]> store, List<Section> sections, Place from, Place to) {
        return new Walk(
                sections.stream()
                        .map(section -> new Track(store.range(section.key(from), section.key(to))))
                        .toList(),
                Comparator.naturalOrder());
    }

    /** The same places, the last one first. */
    static Walk backwards(ReadOnlyKeyValueStore<Bytes, byte[]> store, List<Section> sections, Place from, Place to) {
        return new Walk(
                sections.stream()
                        .map(section -> new Track(store.reverseRange(section.key(from), section.key(to))))
                        .toList(),
                Comparator.reverseOrder());
    }

    boolean hasNext() {
        return nearest() != null;
    }

    /** Throws {@link CancellationException} once no caller waits for what is read: the thread is interrupted then. */
    Step next() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException();
        }
        Track nearest = nearest();
        if (nearest == null) {
            throw new NoSuchElementException();
        }
        KeyValue<Bytes, byte[]> entry = nearest.entries().next();
        return new Step(Place.endOf(entry.key), entry.value);
    }

    private @Nullable Track nearest() {
        return tracks.stream()
                .filter(track -> track.entries().hasNext())
                .min(order)
                .orElse(null);
    }

    @Override
    public void close() {
        tracks.forEach(track -> track.entries().close());
    }
}
