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
 * A consumer of which one poll gives a bounded number of bytes, whatever was compressed how well. A record that is larger
 * than any that is kept comes with the value {@link RecordSize#OVERSIZED}, and with neither key nor headers.
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
            if (!isFit(record)) {
                return mended(records);
            }
        }
        return records;
    }

    /** A record without a time has a negative one, which Kafka Streams takes for a failure of its own. */
    private boolean isFit(ConsumerRecord<K, byte[]> record) {
        return record.timestamp() >= 0 && !budget.isOversized(record);
    }

    private ConsumerRecords<K, byte[]> mended(ConsumerRecords<K, byte[]> records) {
        Map<TopicPartition, List<ConsumerRecord<K, byte[]>>> mended = new HashMap<>();
        for (TopicPartition place : records.partitions()) {
            mended.put(place, records.records(place).stream().map(this::mended).toList());
        }
        return new ConsumerRecords<>(mended, records.nextOffsets());
    }

    private ConsumerRecord<K, byte[]> mended(ConsumerRecord<K, byte[]> record) {
        boolean kept = !budget.isOversized(record);
        return new ConsumerRecord<K, byte[]>(
                record.topic(),
                record.partition(),
                record.offset(),
                Math.max(0, record.timestamp()),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                kept ? record.key() : null,
                kept ? record.value() : RecordSize.OVERSIZED,
                kept ? record.headers() : new RecordHeaders(),
                record.leaderEpoch());
    }
}
