package chatql.kafka.store;

import chatql.kafka.record.MessageCodec;
import chatql.message.Epochs;
import chatql.message.Message;
import java.nio.ByteBuffer;

/** What the timeline keeps of a message: when the log took it, and the record's value as it came. */
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
