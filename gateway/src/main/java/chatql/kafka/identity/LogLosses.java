package chatql.kafka.identity;

import chatql.kafka.client.DurableProducer;
import chatql.kafka.client.TopicScan;
import chatql.message.Epochs;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The losses of the log's partitions, stored where every pod reads them: in the topic of repair checkpoints, of which
 * the broker flushes each record. Two pods that find the same loss write identical records.
 */
public final class LogLosses {
    /**
     * One loss: all records from an offset on.
     *
     * @param number of the partition's losses up to this one
     * @param leaderEpoch under which the loss was found; records from an earlier leader epoch at or after the offset
     *     are lost
     */
    record Loss(long from, int number, int leaderEpoch) {
        static Loss parse(String text) {
            String[] parts = text.split(":", 3);
            return new Loss(Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }

        String text() {
            return from + ":" + number + ":" + leaderEpoch;
        }
    }

    /**
     * Separates the epoch of the topic from the partition. No key of {@link chatql.kafka.topology.RepairCheckpoints}
     * has it.
     */
    private static final String KEY = "+losses/";

    /**
     * How many losses of a partition are remembered, the latest ones. An operator handles a failing broker long before
     * this many.
     */
    private static final int MAX_COUNT = 100;

    private final TopicScan topicScan;
    private final String topic;
    private final long epoch;
    private final DurableProducer durableProducer;
    private final Admin admin;
    private final Scheduler blocking;
    /** The known losses by partition and offset. */
    private final Map<Integer, NavigableMap<Long, Loss>> known = new ConcurrentHashMap<>();

    private volatile long read;

    /** @param blocking the scheduler for reads of the topic */
    public LogLosses(
            TopicScan topicScan,
            String topic,
            long epoch,
            DurableProducer durableProducer,
            Admin admin,
            Scheduler blocking) {
        this.topicScan = topicScan;
        this.topic = topic;
        this.epoch = epoch;
        this.durableProducer = durableProducer;
        this.admin = admin;
        this.blocking = blocking;
    }

    // --- reading

    /** Reads the stored losses on the caller's thread. */
    public void read() {
        topicScan.read(this::accept);
    }

    /** Reads what other pods have stored since the last read, if anything. */
    Mono<Void> readOthers() {
        var topicPartition = new TopicPartition(topic, 0);
        return Mono.fromCompletionStage(() -> admin.listOffsets(Map.of(topicPartition, OffsetSpec.latest()))
                        .partitionResult(topicPartition)
                        .toCompletionStage())
                .filter(end -> end.offset() > read)
                .publishOn(blocking)
                .doOnNext(end -> {
                    read();
                    read = end.offset();
                })
                .then();
    }

    private void accept(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        String prefix = Long.toHexString(epoch) + KEY;
        if (record.key() != null && record.value() != null) {
            String key = new String(record.key(), StandardCharsets.US_ASCII);
            if (key.startsWith(prefix)) {
                int partition = Integer.parseInt(key.substring(prefix.length()));
                known.put(partition, parse(new String(record.value(), StandardCharsets.US_ASCII)));
            }
        }
    }

    private static NavigableMap<Long, Loss> parse(String text) {
        return Stream.of(text.split(","))
                .map(Loss::parse)
                .collect(Collectors.toMap(Loss::from, loss -> loss, (one, other) -> other, TreeMap::new));
    }

    public Epochs epochs() {
        return new Epochs(
                epoch,
                known.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, losses -> numbers(losses.getValue()))));
    }

    private static NavigableMap<Long, Integer> numbers(NavigableMap<Long, Loss> losses) {
        NavigableMap<Long, Integer> numbers = new TreeMap<>();
        losses.forEach((from, loss) -> numbers.put(from, loss.number()));
        return numbers;
    }

    /**
     * Whether it is known that the partition has lost the record at this offset that was written under this leader
     * epoch.
     */
    boolean has(int partition, long offset, int leaderEpoch) {
        return known.getOrDefault(partition, new TreeMap<>()).headMap(offset, true).values().stream()
                .anyMatch(loss -> loss.leaderEpoch() > leaderEpoch);
    }

    // --- writing

    /** Stores that the partition has lost all records from the offset on. */
    Mono<Void> add(int partition, long from, int leaderEpoch) {
        return Mono.defer(() -> {
            NavigableMap<Long, Loss> losses = with(known.getOrDefault(partition, new TreeMap<>()), from, leaderEpoch);
            return durableProducer
                    .append(record(partition, losses))
                    .doOnNext(written -> known.put(partition, losses))
                    .then();
        });
    }

    private static NavigableMap<Long, Loss> with(NavigableMap<Long, Loss> before, long from, int leaderEpoch) {
        int number = before.values().stream()
                        .map(Loss::number)
                        .max(Comparator.naturalOrder())
                        .orElse(0)
                + 1;
        NavigableMap<Long, Loss> losses = new TreeMap<>(before.headMap(from, false));
        losses.put(from, new Loss(from, number, leaderEpoch));
        while (losses.size() > MAX_COUNT) {
            losses.pollFirstEntry();
        }
        return losses;
    }

    private ProducerRecord<String, byte[]> record(int partition, NavigableMap<Long, Loss> losses) {
        String text = losses.values().stream().map(Loss::text).collect(Collectors.joining(","));
        return new ProducerRecord<>(
                topic, Long.toHexString(epoch) + KEY + partition, text.getBytes(StandardCharsets.US_ASCII));
    }
}
