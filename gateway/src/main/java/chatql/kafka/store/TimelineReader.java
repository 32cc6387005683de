package chatql.kafka.store;

import chatql.history.Page;
import chatql.history.PageRequest;
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
 * Reads messages from a store of timelines.
 *
 * @param pageMessages how many messages a subscription reads at once
 * @param pageWeight the size limit of such a page, in bytes of memory
 */
public record TimelineReader(Epochs epochs, int pageMessages, int pageWeight) {
    /** The size limit of a query's page, in bytes of memory. The page ends with the message that exceeds it. */
    public static final int MAX_PAGE_SIZE = 4 << 20;

    private record Found(TimelinePosition timelinePosition, Message message) {}

    /** The requested page of the user's timeline, as far as the store has it. */
    public Page page(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, PageRequest pageRequest) {
        TimelineView timelineView = TimelineView.of(store, user, pageRequest.with());
        TimelinePosition after =
                pageRequest.after() == null ? null : timelineView.timelinePosition(pageRequest.after());
        TimelinePosition before =
                pageRequest.before() == null ? null : timelineView.timelinePosition(pageRequest.before());
        List<Found> found = find(timelineView, pageRequest, after, before);
        if (found.isEmpty()) {
            return new Page(
                    List.of(),
                    after != null && timelineView.hasAny(TimelinePosition.FIRST, after, null),
                    before != null && timelineView.hasAny(before, TimelinePosition.LAST, null));
        }
        TimelinePosition first = found.getFirst().timelinePosition();
        TimelinePosition last = found.getLast().timelinePosition();
        return new Page(
                found.stream().map(Found::message).toList(),
                timelineView.hasAny(TimelinePosition.FIRST, first, first),
                timelineView.hasAny(last, TimelinePosition.LAST, last));
    }

    private List<Found> find(
            TimelineView timelineView,
            PageRequest pageRequest,
            @Nullable TimelinePosition after,
            @Nullable TimelinePosition before) {
        if (after != null && before != null && after.compareTo(before) >= 0) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        int weight = 0;
        try (MergingIterator mergingIterator = mergingIterator(timelineView, pageRequest, after, before)) {
            while (mergingIterator.hasNext() && found.size() < pageRequest.size() && weight < MAX_PAGE_SIZE) {
                MergingIterator.Entry entry = mergingIterator.next();
                if (!entry.timelinePosition().equals(after)
                        && !entry.timelinePosition().equals(before)) {
                    Message message = timelineView.entry(entry).message(epochs, entry.timelinePosition());
                    found.add(new Found(entry.timelinePosition(), message));
                    weight += message.weight();
                }
            }
        }
        return pageRequest.latest() ? found.reversed() : found;
    }

    private static MergingIterator mergingIterator(
            TimelineView timelineView,
            PageRequest pageRequest,
            @Nullable TimelinePosition after,
            @Nullable TimelinePosition before) {
        TimelinePosition from = after == null ? TimelinePosition.FIRST : after;
        TimelinePosition to = before == null ? TimelinePosition.LAST : before;
        return pageRequest.latest()
                ? MergingIterator.backwards(timelineView.store(), timelineView.timelineKeySchemas(), from, to)
                : MergingIterator.forwards(timelineView.store(), timelineView.timelineKeySchemas(), from, to);
    }

    /** The message that the user received at this position; null if there is none. */
    @Nullable
    public Message at(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, TimelinePosition timelinePosition) {
        byte @Nullable [] entry = store.get(TimelineKeySchema.received(user).key(timelinePosition));
        return entry == null ? null : TimelineEntry.parse(entry).message(epochs, timelinePosition);
    }

    /** Whether the user received the cursor's message, as far as the store has it. */
    public boolean hasReceived(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, Cursor cursor) {
        return at(store, user, TimelineView.of(store, user).timelinePosition(cursor)) != null;
    }

    /**
     * Messages that the user received after the cursor and below the offset. The page is the last one if the store has
     * no more.
     */
    public Page received(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, Cursor after, long end) {
        TimelineKeySchema inbox = TimelineKeySchema.received(user);
        TimelinePosition from = new InboxSearch(store, inbox).firstAfter(after);
        try (MergingIterator mergingIterator =
                MergingIterator.forwards(store, List.of(inbox), from, TimelinePosition.LAST)) {
            return received(mergingIterator, after, end);
        }
    }

    private Page received(MergingIterator mergingIterator, Cursor after, long end) {
        List<Message> messages = new ArrayList<>();
        int weight = 0;
        while (mergingIterator.hasNext()) {
            if (messages.size() >= pageMessages || weight >= pageWeight) {
                return new Page(messages, true, true);
            }
            MergingIterator.Entry entry = mergingIterator.next();
            if (entry.timelinePosition().offset() >= end) {
                break;
            }
            if (entry.timelinePosition().offset() > after.offset()) {
                Message message = TimelineEntry.parse(entry.value()).message(epochs, entry.timelinePosition());
                messages.add(message);
                weight += message.weight();
            }
        }
        return new Page(messages, true, false);
    }
}
