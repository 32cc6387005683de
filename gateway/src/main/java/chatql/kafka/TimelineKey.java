package chatql.kafka;

import chatql.user.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/**
 * The key of one message in one user's timeline. The order of the bytes is the order of the timeline, and the keys of one
 * user stand together: length of the id, id, timestamp, partition, offset.
 *
 * @param timestamp the latest that the message's partition had reached, so that no later message comes before it
 */
record TimelineKey(UserId user, long timestamp, int partition, long offset) {
    private static final int POSITION = Long.BYTES + Integer.BYTES + Long.BYTES;

    static TimelineKey first(UserId user, long timestamp) {
        return new TimelineKey(user, timestamp, 0, 0);
    }

    static TimelineKey last(UserId user) {
        return new TimelineKey(user, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    static TimelineKey parse(Bytes key) {
        ByteBuffer bytes = ByteBuffer.wrap(key.get());
        var user = new byte[bytes.getShort()];
        bytes.get(user);
        return new TimelineKey(
                new UserId(new String(user, StandardCharsets.UTF_8)), bytes.getLong(), bytes.getInt(), bytes.getLong());
    }

    Bytes bytes() {
        byte[] id = user.value().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + id.length + POSITION)
                .putShort((short) id.length)
                .put(id)
                .putLong(timestamp)
                .putInt(partition)
                .putLong(offset)
                .array());
    }

    /** Whether it is the place of the record at this offset of this partition. */
    boolean isAt(int atPartition, long atOffset) {
        return partition == atPartition && offset == atOffset;
    }
}
