package chatql.kafka.store;

import chatql.message.Draft;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;

/**
 * Which message of one identity was the first: in a window store by identity and time, with the offset. Only firsts stand
 * there, so that the third of three repeats is told by the first and not by the second.
 */
public final class IdempotencyIndex {
    /** How long after the first a repeat is one. */
    public static final Duration WINDOW = Duration.ofHours(24);

    /** The store keeps a little longer than it is asked about. */
    public static final Duration RETENTION = WINDOW.plusHours(2);

    private IdempotencyIndex() {}

    /** Where the first stands. */
    public record First(long timestamp, long offset) {
        public TimelinePosition timelinePosition(int partition) {
            return new TimelinePosition(timestamp, partition, offset);
        }
    }

    /** The first of this identity below the offset, in the window before the timestamp. */
    public static @Nullable First before(
            ReadOnlyWindowStore<Bytes, byte[]> store, Draft.Identity identity, long timestamp, long offset) {
        return find(store, identity, Math.max(0, timestamp - WINDOW.toMillis()), timestamp, offset);
    }

    /** The first of this identity that a message appended about now would repeat. */
    public static @Nullable First now(ReadOnlyWindowStore<Bytes, byte[]> store, Draft.Identity identity, long now) {
        // The broker's clock may be ahead of this one.
        return find(store, identity, now - WINDOW.toMillis(), now + WINDOW.toMillis(), Long.MAX_VALUE);
    }

    private static @Nullable First find(
            ReadOnlyWindowStore<Bytes, byte[]> store, Draft.Identity identity, long from, long to, long below) {
        try (WindowStoreIterator<byte[]> firsts =
                store.fetch(key(identity), Instant.ofEpochMilli(from), Instant.ofEpochMilli(to))) {
            while (firsts.hasNext()) {
                KeyValue<Long, byte[]> first = firsts.next();
                long offset = ByteBuffer.wrap(first.value).getLong();
                if (offset < below) {
                    return new First(first.key, offset);
                }
            }
            return null;
        }
    }

    public static void put(WindowStore<Bytes, byte[]> store, Draft.Identity identity, long timestamp, long offset) {
        store.put(key(identity), ByteBuffer.allocate(Long.BYTES).putLong(offset).array(), timestamp);
    }

    /** Each part with its length, so that no two identities have the same key. */
    private static Bytes key(Draft.Identity identity) {
        byte[] recipient = identity.recipient().value().getBytes(StandardCharsets.UTF_8);
        byte[] sender = identity.sender().value().getBytes(StandardCharsets.UTF_8);
        byte[] id = identity.clientMessageId().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(2 * Short.BYTES + recipient.length + sender.length + id.length)
                .putShort((short) recipient.length)
                .put(recipient)
                .putShort((short) sender.length)
                .put(sender)
                .put(id)
                .array());
    }
}
