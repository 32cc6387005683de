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
 * The first message of each identity, in a window store by identity and time, with the offset as its value. The index
 * has first messages only, so that each of several duplicates refers to the first and not to another duplicate.
 */
public final class IdempotencyIndex {
    /** The time after the first message during which a message with the same identity is a duplicate. */
    public static final Duration WINDOW = Duration.ofHours(24);

    /** The store's retention, which exceeds the window of queries. */
    public static final Duration RETENTION = WINDOW.plusHours(2);

    private IdempotencyIndex() {}

    /** The position of a first message. */
    public record First(long timestamp, long offset) {
        public TimelinePosition timelinePosition(int partition) {
            return new TimelinePosition(timestamp, partition, offset);
        }
    }

    /** The first message of this identity below the offset, in the window before the timestamp. */
    public static @Nullable First before(
            ReadOnlyWindowStore<Bytes, byte[]> store, Draft.Identity identity, long timestamp, long offset) {
        return find(store, identity, Math.max(0, timestamp - WINDOW.toMillis()), timestamp, offset);
    }

    /** The first message of this identity, which a message appended now would duplicate. */
    public static @Nullable First now(ReadOnlyWindowStore<Bytes, byte[]> store, Draft.Identity identity, long now) {
        // Both directions, because the broker's clock may be ahead of this one.
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

    /** Prefixes each part with its length, so that no two identities share a key. */
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
