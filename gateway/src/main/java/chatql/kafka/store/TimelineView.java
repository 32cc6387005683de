package chatql.kafka.store;

import chatql.message.Cursor;
import chatql.user.UserId;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One user's timeline in a store, whole or with one other user.
 *
 * @param timelineKeySchemas in which its places stand
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

    /** Where the cursor's message stands, or would stand if it were one of this user's. */
    TimelinePosition timelinePosition(Cursor cursor) {
        return TimelineWriter.timelinePosition(store, user, cursor.timestamp(), cursor.partition(), cursor.offset());
    }

    /** The entry that the walk has come to. */
    TimelineEntry entry(MergingIterator.Entry step) {
        return TimelineEntry.parse(
                whole
                        ? step.value()
                        : store.get(TimelineWriter.entries(user, step.value()).key(step.timelinePosition())));
    }

    /** Whether anything stands from one place to another, both included, but for the exception. */
    boolean hasAny(TimelinePosition from, TimelinePosition to, @Nullable TimelinePosition exception) {
        try (MergingIterator mergingIterator = MergingIterator.forwards(store, timelineKeySchemas, from, to)) {
            return mergingIterator.hasNext()
                    && (!mergingIterator.next().timelinePosition().equals(exception) || mergingIterator.hasNext());
        }
    }
}
