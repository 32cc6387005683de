package chatql.kafka.streams;

import chatql.kafka.client.BoundedConsumer;
import chatql.kafka.client.PollBudget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads for Kafka Streams, and says after each poll how far it has read. What the group has committed would say the same,
 * but perhaps of another pod, to which the partition has gone without this one's knowing.
 */
final class PositionReportingConsumer extends BoundedConsumer<byte[]> {
    /** Is told, on the thread that polls. */
    interface Listener {
        /** As {@link chatql.kafka.consistency.StoreProgress#read}. */
        void read(TopicPartition place, long last, long position);
    }

    private final Listener listener;

    PositionReportingConsumer(Map<String, Object> settings, Listener listener) {
        super(settings, new ByteArrayDeserializer(), PollBudget.ofForeign());
        this.listener = listener;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        for (TopicPartition place : assignment()) {
            // Without a position there is no lag either, and to ask for the position would wait for one.
            if (currentLag(place).isPresent()) {
                listener.read(place, last(records.records(place)), position(place));
            }
        }
        return records;
    }

    private static long last(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.isEmpty() ? -1 : records.getLast().offset();
    }
}
