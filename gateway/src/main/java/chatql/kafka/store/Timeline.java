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
 * @param sections in which its places stand
 */
record Timeline(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, boolean whole, List<Section> sections) {
    static Timeline of(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user) {
        return new Timeline(store, user, true, List.of(Section.received(user), Section.sent(user)));
    }

    static Timeline of(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, @Nullable UserId with) {
        return with == null
                ? of(store, user)
                : new Timeline(store, user, false, List.of(Section.conversation(user, with)));
    }

    /** Where the cursor's message stands, or would stand if it were one of this user's. */
    Place place(Cursor cursor) {
        return Timelines.place(store, user, cursor.timestamp(), cursor.partition(), cursor.offset());
    }

    /** The entry that the walk has come to. */
    TimelineEntry entry(Walk.Step step) {
        return TimelineEntry.parse(
                whole
                        ? step.value()
                        : store.get(Timelines.entries(user, step.value()).key(step.place())));
    }

    /** Whether anything stands from one place to another, both included, but for the exception. */
    boolean hasAny(Place from, Place to, @Nullable Place exception) {
        try (Walk walk = Walk.forwards(store, sections, from, to)) {
            return walk.hasNext() && (!walk.next().place().equals(exception) || walk.hasNext());
        }
    }
}
