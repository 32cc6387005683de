package chatql.kafka.store;

import chatql.message.Cursor;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Finds a cursor's position among the messages that a user received. Positions are ordered by time, and within a
 * partition also by offset. Therefore the offset alone decides, and the cursor's timestamp only says where to start.
 * The timestamp is not trusted: a client may have forged it, and the timestamp in the log may differ from that of the
 * position.
 */
record InboxSearch(ReadOnlyKeyValueStore<Bytes, byte[]> store, TimelineKeySchema inbox) {
    /**
     * How many messages to scan: those of one millisecond, or of a broker whose clock went back a little. Beyond that
     * the search is binary.
     */
    private static final int MAX_SCANNED = 16;

    /** The position of the first message after the cursor, or where it would be. */
    TimelinePosition firstAfter(Cursor cursor) {
        long start = isAfterAllBefore(cursor.timestamp(), cursor.offset()) ? cursor.timestamp() : 0;
        if (start == 0 && isAfterAllBefore(Long.MAX_VALUE, cursor.offset())) {
            // Usual for a client that reconnects before its first message.
            return TimelinePosition.LAST;
        }
        try (MergingIterator mergingIterator = MergingIterator.forwards(
                store, List.of(inbox), new TimelinePosition(start, 0, 0), TimelinePosition.LAST)) {
            for (int i = 0; i < MAX_SCANNED && mergingIterator.hasNext(); i++) {
                TimelinePosition timelinePosition = mergingIterator.next().timelinePosition();
                if (timelinePosition.offset() > cursor.offset()) {
                    return timelinePosition;
                }
            }
            return mergingIterator.hasNext() ? binarySearch(start, cursor) : TimelinePosition.LAST;
        }
    }

    /**
     * Finds, by binary search, the latest time that has only the cursor's message and earlier ones before it. The next
     * message has that time.
     */
    private TimelinePosition binarySearch(long start, Cursor cursor) {
        long low = start;
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

    /** Whether no message with an earlier timestamp has a later offset. */
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
