package chatql.kafka.tap;

import chatql.delivery.Arrival;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.RecordSize;
import chatql.kafka.record.Records;
import chatql.kafka.topic.Partitions;
import chatql.message.Cursor;
import chatql.message.Epochs;
import chatql.message.Message;
import chatql.tracing.MessageTraces;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What the records of one life of the topic of messages turn out to be for those who listen to their keys. */
record Arrivals(String topic, Epochs epochs, Partitions partitions, MessageTraces traces) {

    /**
     * The message, where the record is one and stands where its recipient looks for it; the topology sees to the others.
     *
     * @param isNew whether it repeats none that was heard before
     */
    Arrival of(ConsumerRecord<String, byte @Nullable []> record, boolean isNew) {
        try {
            RecordSize.require((long) record.serializedKeySize() + record.serializedValueSize(), record.headers());
            var cursor = new Cursor(
                    epochs.of(record.partition(), record.offset()),
                    record.timestamp(),
                    record.partition(),
                    record.offset());
            Message message = Records.decode(record.value(), cursor);
            return belongs(message, record) ? arrival(record, message, isNew) : new Arrival.Nothing();
        } catch (Records.Unreadable notAMessage) {
            return new Arrival.Nothing();
        }
    }

    private boolean belongs(Message message, ConsumerRecord<String, ?> record) {
        String recipient = message.recipient().value();
        return recipient.equals(record.key()) && partitions.of(recipient) == record.partition();
    }

    private Arrival arrival(ConsumerRecord<String, ?> record, Message message, boolean isNew) {
        if (!isNew) {
            return new Arrival.Doubtful(message);
        }
        traces.heard(topic, message, name -> MessageHeaders.value(record.headers(), name));
        return new Arrival.Said(message);
    }
}
