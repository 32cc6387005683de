package chatql.kafka.store;

import chatql.history.Page;
import chatql.history.Selection;
import chatql.message.Cursor;
import chatql.message.Epochs;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds messages in a store of timelines.
 *
 * @param pageMessages the most that a subscription reads at once
 * @param pageWeight how heavy such a page becomes, in bytes of memory
 */
public record TimelineReader(Epochs epochs, int pageMessages, int pageWeight) {
    /** How heavy a query's page becomes, in bytes of memory: it ends with the message that goes beyond it. */
    public static final int LARGEST_PAGE = 4 << 20;

    private record Found(Place place, Message message) {}

    /** The selection's page of the user's timeline, as far as the store has it. */
    public Page page(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, Selection selection) {
        Timeline timeline = Timeline.of(store, user, selection.with());
        Place after = selection.after() == null ? null : timeline.place(selection.after());
        Place before = selection.before() == null ? null : timeline.place(selection.before());
        List<Found> found = find(timeline, selection, after, before);
        if (found.isEmpty()) {
            return new Page(
                    List.of(),
                    after != null && timeline.hasAny(Place.FIRST, after, null),
                    before != null && timeline.hasAny(before, Place.LAST, null));
        }
        Place first = found.getFirst().place();
        Place last = found.getLast().place();
        return new Page(
                found.stream().map(Found::message).toList(),
                timeline.hasAny(Place.FIRST, first, first),
                timeline.hasAny(last, Place.LAST, last));
    }

    private List<Found> find(Timeline timeline, Selection selection, @Nullable Place after, @Nullable Place before) {
        if (after != null && before != null && after.compareTo(before) >= 0) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        int weight = 0;
        try (Walk walk = walk(timeline, selection, after, before)) {
            while (walk.hasNext() && found.size() < selection.size() && weight < LARGEST_PAGE) {
                Walk.Step step = walk.next();
                if (!step.place().equals(after) && !step.place().equals(before)) {
                    Message message = timeline.entry(step).message(epochs, step.place());
                    found.add(new Found(step.place(), message));
                    weight += message.weight();
                }
            }
        }
        return selection.latest() ? found.reversed() : found;
    }

    private static Walk walk(Timeline timeline, Selection selection, @Nullable Place after, @Nullable Place before) {
        Place from = after == null ? Place.FIRST : after;
        Place to = before == null ? Place.LAST : before;
        return selection.latest()
                ? Walk.backwards(timeline.store(), timeline.sections(), from, to)
                : Walk.forwards(timeline.store(), timeline.sections(), from, to);
    }

    /** The message that the user received at this place; null when none stands there. */
    @Nullable
    public Message at(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, Place place) {
        byte @Nullable [] entry = store.get(Section.received(user).key(place));
        return entry == null ? null : TimelineEntry.parse(entry).message(epochs, place);
    }

    /** Whether the user received the cursor's message, as far as the store has it. */
    public boolean hasReceived(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, Cursor cursor) {
        return at(store, user, Timeline.of(store, user).place(cursor)) != null;
    }

    /** Messages that the user received after the cursor and below the offset; the last page when the store has no more. */
    public Page received(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, Cursor after, long end) {
        Section inbox = Section.received(user);
        Place from = new InboxSearch(store, inbox).firstAfter(after);
        try (Walk walk = Walk.forwards(store, List.of(inbox), from, Place.LAST)) {
            return received(walk, after, end);
        }
    }

    private Page received(Walk walk, Cursor after, long end) {
        List<Message> messages = new ArrayList<>();
        int weight = 0;
        while (walk.hasNext()) {
            if (messages.size() >= pageMessages || weight >= pageWeight) {
                return new Page(messages, true, true);
            }
            Walk.Step step = walk.next();
            if (step.place().offset() >= end) {
                break;
            }
            if (step.place().offset() > after.offset()) {
                Message message = TimelineEntry.parse(step.value()).message(epochs, step.place());
                messages.add(message);
                weight += message.weight();
            }
        }
        return new Page(messages, true, false);
    }
}
