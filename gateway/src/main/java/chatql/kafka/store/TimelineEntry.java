package chatql.kafka.store;

import chatql.kafka.record.MessageCodec;
import chatql.message.Epochs;
import chatql.message.Message;
import java.nio.ByteBuffer;

/** The value of a timeline's entry: the time when the log appended the message, and the record's value unchanged. */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
public record TimelineEntry(long timestamp, byte[] value) {
    static TimelineEntry parse(byte[] entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry);
        long timestamp = bytes.getLong();
        var value = new byte[bytes.remaining()];
        bytes.get(value);
        return new TimelineEntry(timestamp, value);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(Long.BYTES + value.length)
                .putLong(timestamp)
                .put(value)
                .array();
    }

    Message message(Epochs epochs, TimelinePosition timelinePosition) {
        return MessageCodec.stored(
                value,
                timelinePosition.cursor(epochs.of(timelinePosition.partition(), timelinePosition.offset()), timestamp));
    }
}
