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
import org.jspecify.annotations.Nullable;

/**
 * A consumer whose polls return a bounded number of bytes, however well the records were compressed. A record above the
 * size limit has the value {@link RecordSize#OVERSIZED}, and neither key nor headers.
 *
 * <p><b>Partitions take turns.</b> A {@link KafkaConsumer} returns all of one partition's fetched records before those
 * of the next one. A fetch of 256 KiB may unpack to gigabytes, for which all other partitions would wait. So after
 * {@link #TURN} bytes of one partition, the others come first: a paused partition's fetch goes to the end of Kafka's
 * queue, with the record that waits in it and its decompressor. Both are memory, so few partitions are half-read at a
 * time.
 */
public class BoundedConsumer<K> extends KafkaConsumer<K, byte[]> {
    /** More than an uncompressed fetch has, so that ordinary traffic is read in the order of the fetches. */
    static final long TURN = 4 << 20;

    /** Partitions that are half-read at a time. Beyond that, a partition is read to the end of its fetch. */
    static final int HALF_READ = 2;

    /** Bytes of a record besides its key, value and headers. Records may have none of these. */
    static final int RECORD = 100;

    private final PollBudget budget;

    /** The partition that alone has filled polls; null if none has since a poll reached the end of all fetches. */
    private @Nullable TopicPartition current;

    /** The bytes of those polls. */
    private long turn;

    /** The partitions that another one has followed before the end of their fetch. */
    private final Set<TopicPartition> halfRead = new HashSet<>();

    /** Whether the partitions without a half-read fetch were polled since the turn of the current one. */
    private boolean othersServed;

    /** The partitions that are paused for one poll, and not by the caller. */
    private final Set<TopicPartition> held = new HashSet<>();

    public BoundedConsumer(Map<String, Object> settings, Deserializer<K> keys, PollBudget budget) {
        super(settings, budget.keys(keys), budget.values(new ByteArrayDeserializer()));
        this.budget = budget;
    }

    @Override
    public ConsumerRecords<K, byte[]> poll(Duration timeout) {
        TopicPartition last = current;
        return last != null && isTurnOver(last) ? pollOthersFirst(last, timeout) : pollAny(timeout);
    }

    private boolean isTurnOver(TopicPartition last) {
        halfRead.retainAll(assignment());
        return turn >= TURN
                && !budget.isOversizedWaiting()
                && assignment().contains(last)
                && (halfRead.contains(last) || halfRead.size() < HALF_READ);
    }

    /** Polls the partitions without a half-read fetch, then the half-read ones, and then any. */
    private ConsumerRecords<K, byte[]> pollOthersFirst(TopicPartition last, Duration timeout) {
        if (!othersServed) {
            othersServed = true;
            Set<TopicPartition> unfinished = new HashSet<>(halfRead);
            unfinished.add(last);
            ConsumerRecords<K, byte[]> others = pollWithout(unfinished);
            if (!isNothing(others)) {
                halfRead.add(last);
                count(others);
                return others;
            }
        }
        ConsumerRecords<K, byte[]> next = pollWithout(Set.of(last));
        if (isNothing(next)) {
            turn = 0;
            return pollAny(timeout);
        }
        if (!isFull(next)) {
            // Only the last one's fetch is left.
            halfRead.clear();
        }
        halfRead.add(last);
        current = null;
        count(next);
        return next;
    }

    private static boolean isNothing(ConsumerRecords<?, ?> records) {
        return records.isEmpty() && records.nextOffsets().isEmpty();
    }

    private ConsumerRecords<K, byte[]> pollAny(Duration timeout) {
        ConsumerRecords<K, byte[]> records = pollBounded(timeout);
        if (isFull(records)) {
            count(records);
        } else {
            // All fetches are read to their ends.
            halfRead.clear();
            current = null;
        }
        return records;
    }

    /** Begins or continues the turn of the partition that alone has filled this poll. */
    private void count(ConsumerRecords<K, byte[]> records) {
        if (isFull(records) && records.partitions().size() == 1) {
            TopicPartition only = records.partitions().iterator().next();
            if (!only.equals(current)) {
                current = only;
                turn = 0;
            }
            othersServed = false;
            turn += budget.used() + (long) records.count() * RECORD;
        }
    }

    private boolean isFull(ConsumerRecords<K, byte[]> records) {
        return budget.isUsedUp() || records.count() >= KafkaClientConfigs.MAX_POLLED;
    }

    /** Polls the other partitions. Returns at once, and nothing if they have nothing. */
    private ConsumerRecords<K, byte[]> pollWithout(Set<TopicPartition> partitions) {
        held.addAll(partitions);
        held.removeAll(paused());
        super.pause(held);
        try {
            return pollBounded(Duration.ZERO);
        } finally {
            // A rebalance may have revoked some meanwhile.
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

    private ConsumerRecords<K, byte[]> pollBounded(Duration timeout) {
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
