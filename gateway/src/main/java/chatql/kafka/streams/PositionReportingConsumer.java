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
 * A consumer for Kafka Streams that reports its position after each poll. The group's committed offsets would report
 * the same, but perhaps those of another pod, to which the partition has moved without this pod's knowledge.
 */
final class PositionReportingConsumer extends BoundedConsumer<byte[]> {
    /** Called on the polling thread. */
    interface Listener {
        /** As {@link chatql.kafka.consistency.StoreProgress#read}. */
        void read(TopicPartition topicPartition, long last, long position);
    }

    private final Listener listener;

    PositionReportingConsumer(Map<String, Object> settings, Listener listener) {
        super(settings, new ByteArrayDeserializer(), PollBudget.ofForeign());
        this.listener = listener;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        for (TopicPartition topicPartition : assignment()) {
            // A partition without a lag has no position yet, and position() would block for one.
            if (currentLag(topicPartition).isPresent()) {
                listener.read(topicPartition, last(records.records(topicPartition)), position(topicPartition));
            }
        }
        return records;
    }

    private static long last(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.isEmpty() ? -1 : records.getLast().offset();
    }
}
