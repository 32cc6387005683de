package chatql.kafka.identity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Queries the ends of the log's partitions, and the offsets from which on partitions have lost records. */
public final class LogEnds {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final Admin admin;
    private final Map<String, Object> consumer;
    private final String topic;
    private final int partitions;
    private final Scheduler blocking;

    /**
     * @param consumer the settings of a consumer of bytes without a group
     * @param blocking the scheduler for the consumer's blocking calls
     */
    public LogEnds(Admin admin, Map<String, Object> consumer, String topic, int partitions, Scheduler blocking) {
        this.admin = admin;
        this.consumer = new HashMap<>(consumer);
        // A truncated position must be reported, not reset.
        this.consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        this.topic = topic;
        this.partitions = partitions;
        this.blocking = blocking;
    }

    /** The ends of all partitions. Errors if a leader does not answer. */
    Mono<Map<Integer, LogEnd>> now() {
        return Mono.fromCompletionStage(() -> admin.listOffsets(IntStream.range(0, partitions)
                                .mapToObj(this::topicPartition)
                                .collect(Collectors.toMap(Function.identity(), topicPartition -> OffsetSpec.latest())))
                        .all()
                        .toCompletionStage())
                .map(all -> all.entrySet().stream()
                        .collect(Collectors.toMap(
                                end -> end.getKey().partition(),
                                end -> new LogEnd(
                                        end.getValue().offset(),
                                        end.getValue().leaderEpoch().orElse(LogEnd.UNKNOWN)))));
    }

    private TopicPartition topicPartition(int partition) {
        return new TopicPartition(topic, partition);
    }

    /**
     * A loss of records in a partition.
     *
     * @param from the first lost offset
     * @param seen the highest end that this pod has seen
     * @param now the current end
     */
    record Cut(int partition, long from, LogEnd seen, LogEnd now) {
        String text(String topic) {
            return "Topic %s has lost offsets %d to %d of partition %d, which it had"
                    .formatted(topic, from, seen.offset() - 1, partition);
        }

        long size() {
            return Math.max(0, seen.offset() - from);
        }
    }

    /**
     * Finds the losses.
     *
     * @param seen the highest end of each partition, with a leader epoch in which the partition had it
     * @param last the last answer
     * @param diverged by partition, an offset at which another record was found already
     */
    Mono<List<Cut>> cuts(
            Map<Integer, LogEnd> seen,
            Map<Integer, LogEnd> last,
            Map<Integer, Long> diverged,
            Map<Integer, LogEnd> now) {
        return divergences(toValidate(seen, last, now)).map(found -> cuts(seen, merged(found, diverged), now));
    }

    /**
     * The partitions to validate, with the end to validate. A partition whose end decreased is validated at the highest
     * end seen. A partition that has another leader is validated at the end of the last answer only, because a later
     * end may be that of the new leader.
     */
    private static Map<Integer, LogEnd> toValidate(
            Map<Integer, LogEnd> seen, Map<Integer, LogEnd> last, Map<Integer, LogEnd> now) {
        Map<Integer, LogEnd> toValidate = new HashMap<>();
        now.forEach((partition, end) -> {
            LogEnd before = last.getOrDefault(partition, LogEnd.NONE);
            LogEnd reached = seen.getOrDefault(partition, before);
            if (reached.leaderEpoch() != LogEnd.UNKNOWN && end.offset() < reached.offset()) {
                toValidate.put(partition, reached);
            } else if (before.leaderEpoch() != LogEnd.UNKNOWN && end.leaderEpoch() != before.leaderEpoch()) {
                toValidate.put(partition, before);
            }
        });
        return toValidate;
    }

    private static Map<Integer, Long> merged(Map<Integer, Long> found, Map<Integer, Long> diverged) {
        Map<Integer, Long> all = new HashMap<>(found);
        diverged.forEach((partition, offset) -> all.merge(partition, offset, Math::min));
        return all;
    }

    private static List<Cut> cuts(Map<Integer, LogEnd> seen, Map<Integer, Long> diverged, Map<Integer, LogEnd> now) {
        List<Cut> cuts = new ArrayList<>();
        now.forEach((partition, end) -> {
            LogEnd before = seen.getOrDefault(partition, LogEnd.NONE);
            long from = Math.min(end.offset(), diverged.getOrDefault(partition, Long.MAX_VALUE));
            if (from < before.offset()) {
                cuts.add(new Cut(partition, from, before, end));
            }
        });
        return cuts;
    }

    /**
     * The offsets from which on the partitions differ from what they were at these ends, if they do. A consumer finds
     * them as it validates its own position after a change of leader (KIP-320).
     */
    private Mono<Map<Integer, Long>> divergences(Map<Integer, LogEnd> before) {
        return before.isEmpty()
                ? Mono.just(Map.of())
                : Mono.fromCallable(() -> validate(before)).subscribeOn(blocking);
    }

    private Map<Integer, Long> validate(Map<Integer, LogEnd> before) {
        Map<TopicPartition, LogEnd> open = new HashMap<>();
        before.forEach((partition, end) -> open.put(topicPartition(partition), end));
        Map<Integer, Long> diverged = new HashMap<>();
        try (var validating = new KafkaConsumer<byte[], byte[]>(consumer)) {
            validating.assign(open.keySet());
            // Fetches the current leader epochs, too, without which the consumer does not validate a position.
            validating.endOffsets(open.keySet(), ANSWER_TIMEOUT);
            open.forEach((topicPartition, end) -> validating.seek(
                    topicPartition, new OffsetAndMetadata(end.offset(), Optional.of(end.leaderEpoch()), "")));
            while (!open.isEmpty()) {
                validateNext(validating, open, diverged);
            }
        }
        return diverged;
    }

    private static void validateNext(
            KafkaConsumer<?, ?> validating, Map<TopicPartition, LogEnd> open, Map<Integer, Long> diverged) {
        TopicPartition next = open.keySet().iterator().next();
        try {
            validating.position(next, ANSWER_TIMEOUT);
            open.remove(next);
        } catch (LogTruncationException truncated) {
            // If the offset of the divergence is unknown, the log has nothing of that leader epoch: all records are
            // lost.
            truncated.offsetOutOfRangePartitions().keySet().forEach(topicPartition -> {
                OffsetAndMetadata last = truncated.divergentOffsets().get(topicPartition);
                diverged.put(topicPartition.partition(), last == null ? 0 : last.offset());
                open.remove(topicPartition);
            });
            validating.assign(open.keySet());
        }
    }
}
