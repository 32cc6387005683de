package chatql.kafka.tap;

import chatql.delivery.LiveRecord;
import chatql.kafka.record.MessageCodec;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.RecordSize;
import chatql.kafka.topic.KeyPartitioner;
import chatql.message.Cursor;
import chatql.message.Epochs;
import chatql.message.Message;
import chatql.tracing.MessageTracing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decodes records of the live log for the subscribers to their keys. One instance serves one epoch of the topic of
 * messages.
 */
record LiveRecordReader(String topic, Epochs epochs, KeyPartitioner keyPartitioner, MessageTracing traces) {

    /**
     * Returns the message if the record is valid and in its recipient's partition. The topology reroutes or
     * dead-letters all other records.
     *
     * @param isNew whether the record certainly repeats no earlier one
     */
    LiveRecord of(ConsumerRecord<String, byte @Nullable []> record, boolean isNew) {
        try {
            RecordSize.require((long) record.serializedKeySize() + record.serializedValueSize(), record.headers());
            var cursor = new Cursor(
                    epochs.of(record.partition(), record.offset()),
                    record.timestamp(),
                    record.partition(),
                    record.offset());
            Message message = MessageCodec.decode(record.value(), cursor);
            return matchesRecipient(message, record) ? liveRecord(record, message, isNew) : new LiveRecord.Ignored();
        } catch (MessageCodec.InvalidRecord notAMessage) {
            return new LiveRecord.Ignored();
        }
    }

    private boolean matchesRecipient(Message message, ConsumerRecord<String, ?> record) {
        String recipient = message.recipient().value();
        return recipient.equals(record.key()) && keyPartitioner.of(recipient) == record.partition();
    }

    private LiveRecord liveRecord(ConsumerRecord<String, ?> record, Message message, boolean isNew) {
        if (!isNew) {
            return new LiveRecord.PossibleDuplicate(message);
        }
        traces.received(topic, message, name -> MessageHeaders.value(record.headers(), name));
        return new LiveRecord.NewMessage(message);
    }
}
