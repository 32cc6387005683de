package chatql.kafka.store;

import chatql.message.Cursor;
import java.nio.ByteBuffer;
import java.util.Comparator;
import org.apache.kafka.common.utils.Bytes;

/**
 * The position of a message in the timelines of its two users. The order of positions is the order of a timeline.
 *
 * @param timestamp the latest timestamp in the message's partition so far, so that no later message comes before it
 */
public record TimelinePosition(long timestamp, int partition, long offset) implements Comparable<TimelinePosition> {
    static final int BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;
    static final TimelinePosition FIRST = new TimelinePosition(0, 0, 0);
    static final TimelinePosition LAST = new TimelinePosition(Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

    private static final Comparator<TimelinePosition> ORDER = Comparator.comparingLong(TimelinePosition::timestamp)
            .thenComparingInt(TimelinePosition::partition)
            .thenComparingLong(TimelinePosition::offset);

    /** Reads the position at the end of a key. */
    static TimelinePosition endOf(Bytes key) {
        ByteBuffer end = ByteBuffer.wrap(key.get(), key.get().length - BYTES, BYTES);
        return new TimelinePosition(end.getLong(), end.getInt(), end.getLong());
    }

    /** Writes bytes that sort as positions do. */
    void write(ByteBuffer bytes) {
        bytes.putLong(timestamp).putInt(partition).putLong(offset);
    }

    /** The message's own cursor, which has the time when the log appended it. */
    public Cursor cursor(long epoch, long appended) {
        return new Cursor(epoch, appended, partition, offset);
    }

    @Override
    public int compareTo(TimelinePosition other) {
        return ORDER.compare(this, other);
    }
}
