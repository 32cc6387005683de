package chatql.kafka.store;

import chatql.message.Cursor;
import java.nio.ByteBuffer;
import java.util.Comparator;
import org.apache.kafka.common.utils.Bytes;

/**
 * Where a message stands in the timelines of its two users: the order of places is the timeline's.
 *
 * @param timestamp the latest that the message's partition had reached, so that no later message comes before it
 */
public record TimelinePosition(long timestamp, int partition, long offset) implements Comparable<TimelinePosition> {
    static final int BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;
    static final TimelinePosition FIRST = new TimelinePosition(0, 0, 0);
    static final TimelinePosition LAST = new TimelinePosition(Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

    private static final Comparator<TimelinePosition> ORDER = Comparator.comparingLong(TimelinePosition::timestamp)
            .thenComparingInt(TimelinePosition::partition)
            .thenComparingLong(TimelinePosition::offset);

    /** The place at the end of a key. */
    static TimelinePosition endOf(Bytes key) {
        ByteBuffer end = ByteBuffer.wrap(key.get(), key.get().length - BYTES, BYTES);
        return new TimelinePosition(end.getLong(), end.getInt(), end.getLong());
    }

    /** In bytes whose order is that of places. */
    void write(ByteBuffer bytes) {
        bytes.putLong(timestamp).putInt(partition).putLong(offset);
    }

    /** The message's own cursor, which has the time at which the log took it. */
    public Cursor cursor(long epoch, long taken) {
        return new Cursor(epoch, taken, partition, offset);
    }

    @Override
    public int compareTo(TimelinePosition other) {
        return ORDER.compare(this, other);
    }
}
