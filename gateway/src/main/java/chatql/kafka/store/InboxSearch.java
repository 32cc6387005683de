package chatql.kafka.store;

import chatql.message.Cursor;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Finds a cursor's place among what a user received. Places are in the order of times, and within one partition in that
 * of offsets, too; so the offset alone decides, and a cursor's time only says where to look first: a client may have made it
 * up, and the log may have had another one than the place.
 */
record InboxSearch(ReadOnlyKeyValueStore<Bytes, byte[]> store, TimelineKeySchema inbox) {
    /** Messages of one millisecond, or of a broker whose clock went back a little; beyond that the search is by halves. */
    private static final int LOOKED_AT = 16;

    /** Where the first message after the cursor stands, or would stand. */
    TimelinePosition firstAfter(Cursor cursor) {
        long near = isAfterAllBefore(cursor.timestamp(), cursor.offset()) ? cursor.timestamp() : 0;
        try (MergingIterator mergingIterator = MergingIterator.forwards(
                store, List.of(inbox), new TimelinePosition(near, 0, 0), TimelinePosition.LAST)) {
            for (int i = 0; i < LOOKED_AT && mergingIterator.hasNext(); i++) {
                TimelinePosition timelinePosition = mergingIterator.next().timelinePosition();
                if (timelinePosition.offset() > cursor.offset()) {
                    return timelinePosition;
                }
            }
            return mergingIterator.hasNext() ? byHalves(near, cursor) : TimelinePosition.LAST;
        }
    }

    /** The latest time with nothing but the cursor's message and earlier ones before it: the next message has that time. */
    private TimelinePosition byHalves(long near, Cursor cursor) {
        long low = near;
        long high = Long.MAX_VALUE;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (isAfterAllBefore(middle, cursor.offset())) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return new TimelinePosition(low, cursor.partition(), cursor.offset() + 1);
    }

    /** Whether no message that was received at an earlier time has a later offset. */
    private boolean isAfterAllBefore(long timestamp, long offset) {
        var before = new TimelinePosition(timestamp, 0, 0);
        try (MergingIterator mergingIterator =
                MergingIterator.backwards(store, List.of(inbox), TimelinePosition.FIRST, before)) {
            while (mergingIterator.hasNext()) {
                TimelinePosition timelinePosition = mergingIterator.next().timelinePosition();
                if (timelinePosition.compareTo(before) < 0) {
                    return timelinePosition.offset() <= offset;
                }
            }
            return true;
        }
    }
}
