package chatql.kafka.store;

import chatql.user.UserId;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Writes messages to a store of timelines. Writes are idempotent: a replay produces identical entries. */
public record TimelineWriter(KeyValueStore<Bytes, byte[]> store) {
    private static final byte[] RECEIVED = {1};
    private static final byte[] SENT = {0};

    public void received(UserId user, UserId from, TimelinePosition timelinePosition, TimelineEntry entry) {
        put(user, from, TimelineKeySchema.received(user), RECEIVED, timelinePosition, entry);
    }

    public void sent(UserId user, UserId to, TimelinePosition timelinePosition, TimelineEntry entry) {
        put(user, to, TimelineKeySchema.sent(user), SENT, timelinePosition, entry);
    }

    private void put(
            UserId user,
            UserId with,
            TimelineKeySchema timelineKeySchema,
            byte[] direction,
            TimelinePosition timelinePosition,
            TimelineEntry entry) {
        if (timelinePosition.timestamp() != entry.timestamp()) {
            byte[] timestamp = ByteBuffer.allocate(Long.BYTES)
                    .putLong(timelinePosition.timestamp())
                    .array();
            store.put(
                    TimelineKeySchema.displaced(user, timelinePosition.partition(), timelinePosition.offset()),
                    timestamp);
        }
        // Before the entry of the conversation that refers to it, so that every reader of the latter finds it.
        store.put(timelineKeySchema.key(timelinePosition), entry.bytes());
        store.put(TimelineKeySchema.conversation(user, with).key(timelinePosition), direction);
    }

    /** The list that holds the entry to which a conversation refers. */
    static TimelineKeySchema entries(UserId user, byte[] direction) {
        return direction[0] == RECEIVED[0] ? TimelineKeySchema.received(user) : TimelineKeySchema.sent(user);
    }

    /** The position of a message of the user that the log appended at that time. */
    public static TimelinePosition timelinePosition(
            ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, long timestamp, int partition, long offset) {
        byte @Nullable [] displaced = store.get(TimelineKeySchema.displaced(user, partition, offset));
        return new TimelinePosition(
                displaced == null ? timestamp : ByteBuffer.wrap(displaced).getLong(), partition, offset);
    }
}
