package chatql.kafka.client;

import chatql.kafka.record.RecordSize;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 *
 * <p><b>Partitions take turns.</b> A {@link KafkaConsumer} returns all of one partition's fetched records before those
 * of the next one. A fetch of 256 KiB may unpack to gigabytes, for which all other partitions would wait. So after a
 * poll that one partition has filled, the others come first: a paused partition's records go to the end of Kafka's
 * queue.
 */
public class BoundedConsumer<K> extends KafkaConsumer<K, byte[]> {
    private final PollBudget budget;

    /** The partition that filled the last poll; empty if none or several did. */
    private Set<TopicPartition> served = Set.of();

    /** The partitions that are paused for one poll, and not by the caller. */
    private final Set<TopicPartition> held = new HashSet<>();

    public BoundedConsumer(Map<String, Object> settings, Deserializer<K> keys, PollBudget budget) {
        super(settings, budget.keys(keys), budget.values(new ByteArrayDeserializer()));
        this.budget = budget;
    }

    @Override
    public ConsumerRecords<K, byte[]> poll(Duration timeout) {
        ConsumerRecords<K, byte[]> records = pollOthers();
        if (records.isEmpty() && records.nextOffsets().isEmpty()) {
            records = pollAny(timeout);
        }
        served = records.partitions().size() == 1 && isFull(records) ? Set.copyOf(records.partitions()) : Set.of();
        return records;
    }

    private boolean isFull(ConsumerRecords<K, byte[]> records) {
        return budget.isUsedUp() || records.count() >= KafkaClientConfigs.MAX_POLLED;
    }

    /** Returns at once, and nothing if the other partitions have nothing. */
    private ConsumerRecords<K, byte[]> pollOthers() {
        if (served.isEmpty()) {
            return ConsumerRecords.empty();
        }
        held.addAll(served);
        held.retainAll(assignment());
        held.removeAll(paused());
        super.pause(held);
        try {
            return pollAny(Duration.ZERO);
        } finally {
            // A rebalance may have revoked them meanwhile.
            held.retainAll(assignment());
            super.resume(held);
            held.clear();
        }
    }

    /** A caller that does so in a rebalance, during a poll, decides from then on. */
    @Override
    public void pause(Collection<TopicPartition> partitions) {
        held.removeAll(partitions);
        super.pause(partitions);
    }

    private ConsumerRecords<K, byte[]> pollAny(Duration timeout) {
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
