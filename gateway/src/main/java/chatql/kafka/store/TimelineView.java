package chatql.kafka.store;

import chatql.message.Cursor;
import chatql.user.UserId;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One user's timeline in a store, either whole or the conversation with one other user.
 *
 * @param timelineKeySchemas the lists that have its positions
 */
record TimelineView(
        ReadOnlyKeyValueStore<Bytes, byte[]> store,
        UserId user,
        boolean whole,
        List<TimelineKeySchema> timelineKeySchemas) {
    static TimelineView of(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user) {
        return new TimelineView(
                store, user, true, List.of(TimelineKeySchema.received(user), TimelineKeySchema.sent(user)));
    }

    static TimelineView of(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, @Nullable UserId with) {
        return with == null
                ? of(store, user)
                : new TimelineView(store, user, false, List.of(TimelineKeySchema.conversation(user, with)));
    }

    /** The position of the cursor's message, or where it would be if it were one of this user's. */
    TimelinePosition timelinePosition(Cursor cursor) {
        return TimelineWriter.timelinePosition(store, user, cursor.timestamp(), cursor.partition(), cursor.offset());
    }

    /** The timeline entry that the iterator has reached. */
    TimelineEntry entry(MergingIterator.Entry entry) {
        return TimelineEntry.parse(
                whole
                        ? entry.value()
                        : store.get(TimelineWriter.entries(user, entry.value()).key(entry.timelinePosition())));
    }

    /** Whether there is an entry between two positions, both inclusive, other than the excluded one. */
    boolean hasAny(TimelinePosition from, TimelinePosition to, @Nullable TimelinePosition excluded) {
        try (MergingIterator mergingIterator = MergingIterator.forwards(store, timelineKeySchemas, from, to)) {
            return mergingIterator.hasNext()
                    && (!mergingIterator.next().timelinePosition().equals(excluded) || mergingIterator.hasNext());
        }
    }
}
