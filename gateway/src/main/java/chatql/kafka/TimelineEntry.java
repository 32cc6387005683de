package chatql.kafka;

import chatql.message.Cursor;
import chatql.message.Message;
import java.nio.ByteBuffer;

/**
 * What the timeline keeps of a message: when the log took it, and the record's value as it came.
 *
 * @param received whether the user whose timeline this is received it, or only sent it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
record TimelineEntry(boolean received, long timestamp, byte[] value) {
    static TimelineEntry parse(byte[] entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry);
        boolean received = bytes.get() != 0;
        long timestamp = bytes.getLong();
        var value = new byte[bytes.remaining()];
        bytes.get(value);
        return new TimelineEntry(received, timestamp, value);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(Byte.BYTES + Long.BYTES + value.length)
                .put((byte) (received ? 1 : 0))
                .putLong(timestamp)
                .put(value)
                .array();
    }

    Message message(long epoch, TimelineKey key) {
        return Records.decode(value, new Cursor(epoch, timestamp, key.partition(), key.offset()));
    }
}
