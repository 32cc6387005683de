package chatql.kafka.client;

import chatql.kafka.record.RecordSize;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A consumer whose polls return a bounded number of bytes, however well the records were compressed. A record above the
 * size limit has the value {@link RecordSize#OVERSIZED}, and neither key nor headers.
 */
public class BoundedConsumer<K> extends KafkaConsumer<K, byte[]> {
    private final PollBudget budget;

    public BoundedConsumer(Map<String, Object> settings, Deserializer<K> keys, PollBudget budget) {
        super(settings, budget.keys(keys), budget.values(new ByteArrayDeserializer()));
        this.budget = budget;
    }

    @Override
    public ConsumerRecords<K, byte[]> poll(Duration timeout) {
        budget.begin();
        ConsumerRecords<K, byte[]> records = super.poll(timeout);
        for (ConsumerRecord<K, byte[]> record : records) {
            if (!isAcceptable(record)) {
                return sanitized(records);
            }
        }
        return records;
    }

    /**
     * Whether the record can be returned unchanged. Kafka Streams fails on the negative timestamp of a record without
     * one.
     */
    private boolean isAcceptable(ConsumerRecord<K, byte[]> record) {
        return record.timestamp() >= 0 && !budget.isOversized(record);
    }

    private ConsumerRecords<K, byte[]> sanitized(ConsumerRecords<K, byte[]> records) {
        Map<TopicPartition, List<ConsumerRecord<K, byte[]>>> sanitized = new HashMap<>();
        for (TopicPartition topicPartition : records.partitions()) {
            sanitized.put(
                    topicPartition,
                    records.records(topicPartition).stream()
                            .map(this::sanitized)
                            .toList());
        }
        return new ConsumerRecords<>(sanitized, records.nextOffsets());
    }

    private ConsumerRecord<K, byte[]> sanitized(ConsumerRecord<K, byte[]> record) {
        boolean fits = !budget.isOversized(record);
        return new ConsumerRecord<K, byte[]>(
                record.topic(),
                record.partition(),
                record.offset(),
                Math.max(0, record.timestamp()),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                fits ? record.key() : null,
                fits ? record.value() : RecordSize.OVERSIZED,
                fits ? record.headers() : new RecordHeaders(),
                record.leaderEpoch());
    }
}
