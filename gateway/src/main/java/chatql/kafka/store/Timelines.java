package chatql.kafka.store;

import chatql.user.UserId;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Writes messages into a store of timelines. What is written again is the same again. */
public record Timelines(KeyValueStore<Bytes, byte[]> store) {
    private static final byte[] RECEIVED = {1};
    private static final byte[] SENT = {0};

    public void received(UserId user, UserId from, Place place, TimelineEntry entry) {
        put(user, from, Section.received(user), RECEIVED, place, entry);
    }

    public void sent(UserId user, UserId to, Place place, TimelineEntry entry) {
        put(user, to, Section.sent(user), SENT, place, entry);
    }

    private void put(UserId user, UserId with, Section section, byte[] direction, Place place, TimelineEntry entry) {
        if (place.timestamp() != entry.timestamp()) {
            byte[] timestamp =
                    ByteBuffer.allocate(Long.BYTES).putLong(place.timestamp()).array();
            store.put(Section.displaced(user, place.partition(), place.offset()), timestamp);
        }
        // Before what leads to it, so that whoever follows that finds it.
        store.put(section.key(place), entry.bytes());
        store.put(Section.conversation(user, with).key(place), direction);
    }

    /** The section in which the entry stands that a conversation leads to. */
    static Section entries(UserId user, byte[] direction) {
        return direction[0] == RECEIVED[0] ? Section.received(user) : Section.sent(user);
    }

    /** Where a message of the user stands that the log took at that time. */
    public static Place place(
            ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, long timestamp, int partition, long offset) {
        byte @Nullable [] displaced = store.get(Section.displaced(user, partition, offset));
        return new Place(
                displaced == null ? timestamp : ByteBuffer.wrap(displaced).getLong(), partition, offset);
    }
}
