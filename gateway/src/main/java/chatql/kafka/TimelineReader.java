package chatql.kafka;

import chatql.history.Page;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Finds messages in a store of timelines. */
record TimelineReader(long epoch, int pageMessages, int pageWeight) {

    /** The latest messages of the user's timeline, oldest first. */
    List<Message> latest(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, int limit) {
        Deque<Message> latest = new ArrayDeque<>();
        Bytes first = TimelineKey.first(user, 0).bytes();
        try (var entries = store.reverseRange(first, TimelineKey.last(user).bytes())) {
            while (entries.hasNext() && latest.size() < limit) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                latest.addFirst(TimelineEntry.parse(entry.value).message(epoch, TimelineKey.parse(entry.key)));
            }
        }
        return List.copyOf(latest);
    }

    /** The message of the user's timeline at this place; null when it isn't there. */
    @Nullable
    Message at(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, int partition, Firsts.First place) {
        var key = new TimelineKey(user, place.timestamp(), partition, place.offset());
        byte @Nullable [] entry = store.get(key.bytes());
        return entry == null ? null : TimelineEntry.parse(entry).message(epoch, key);
    }

    /** Messages that the user received after the cursor and below the offset; the last page when the store has no more. */
    Page received(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, Cursor after, long end) {
        Bytes from = TimelineKey.first(user, after.timestamp()).bytes();
        try (var entries = store.range(from, TimelineKey.last(user).bytes())) {
            return received(entries, after, end);
        }
    }

    private Page received(KeyValueIterator<Bytes, byte[]> entries, Cursor after, long end) {
        List<Message> messages = new ArrayList<>();
        int weight = 0;
        while (entries.hasNext()) {
            if (messages.size() >= pageMessages || weight >= pageWeight) {
                return new Page(messages, false);
            }
            KeyValue<Bytes, byte[]> entry = entries.next();
            TimelineKey key = TimelineKey.parse(entry.key);
            TimelineEntry kept = TimelineEntry.parse(entry.value);
            if (kept.received() && key.offset() >= end) {
                break;
            }
            if (kept.received() && key.offset() > after.offset()) {
                Message message = kept.message(epoch, key);
                messages.add(message);
                weight += message.weight();
            }
        }
        return new Page(messages, true);
    }
}
