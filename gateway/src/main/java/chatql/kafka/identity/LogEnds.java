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

/** Asks how far the partitions of the log reach, and from where on they are not what they were. */
public final class LogEnds {
    private static final Duration MAX_ANSWER_TIME = Duration.ofSeconds(10);

    private final Admin admin;
    private final Map<String, Object> consumer;
    private final String topic;
    private final int partitions;
    private final Scheduler blocking;

    /**
     * @param consumer settings of a consumer of bytes that belongs to no group
     * @param blocking where the consumer, which blocks, is used
     */
    public LogEnds(Admin admin, Map<String, Object> consumer, String topic, int partitions, Scheduler blocking) {
        this.admin = admin;
        this.consumer = new HashMap<>(consumer);
        // A position that is not what it was is to be told, and not to be mended.
        this.consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        this.topic = topic;
        this.partitions = partitions;
        this.blocking = blocking;
    }

    /** By partition, all of them. Errors when a leader does not answer. */
    Mono<Map<Integer, LogEnd>> now() {
        return Mono.fromCompletionStage(() -> admin.listOffsets(IntStream.range(0, partitions)
                                .mapToObj(this::place)
                                .collect(Collectors.toMap(Function.identity(), place -> OffsetSpec.latest())))
                        .all()
                        .toCompletionStage())
                .map(all -> all.entrySet().stream()
                        .collect(Collectors.toMap(
                                end -> end.getKey().partition(),
                                end -> new LogEnd(
                                        end.getValue().offset(),
                                        end.getValue().leaderEpoch().orElse(LogEnd.UNKNOWN)))));
    }

    private TopicPartition place(int partition) {
        return new TopicPartition(topic, partition);
    }

    /**
     * What a partition has lost.
     *
     * @param from the first offset that is not what it was
     * @param seen how far it had reached
     * @param now how far it reaches
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
     * What has been lost.
     *
     * @param seen how far each partition has been seen to reach, with the leader epoch of the last answer
     * @param last the last answer
     * @param diverged from where on something else was met already
     */
    Mono<List<Cut>> cuts(
            Map<Integer, LogEnd> seen,
            Map<Integer, LogEnd> last,
            Map<Integer, Long> diverged,
            Map<Integer, LogEnd> now) {
        return divergences(doubtful(seen, last, now)).map(found -> cuts(seen, merged(found, diverged), now));
    }

    /**
     * Those that end earlier, by all that was seen of them. Those that have another leader since, by the last answer only:
     * what was seen after it may be the new leader's.
     */
    private static Map<Integer, LogEnd> doubtful(
            Map<Integer, LogEnd> seen, Map<Integer, LogEnd> last, Map<Integer, LogEnd> now) {
        Map<Integer, LogEnd> doubtful = new HashMap<>();
        now.forEach((partition, end) -> {
            LogEnd before = last.getOrDefault(partition, new LogEnd(0, LogEnd.UNKNOWN));
            LogEnd reached = seen.getOrDefault(partition, before);
            if (before.leaderEpoch() != LogEnd.UNKNOWN && end.offset() < reached.offset()) {
                doubtful.put(partition, reached);
            } else if (before.leaderEpoch() != LogEnd.UNKNOWN && end.leaderEpoch() != before.leaderEpoch()) {
                doubtful.put(partition, before);
            }
        });
        return doubtful;
    }

    private static Map<Integer, Long> merged(Map<Integer, Long> found, Map<Integer, Long> diverged) {
        Map<Integer, Long> all = new HashMap<>(found);
        diverged.forEach((partition, offset) -> all.merge(partition, offset, Math::min));
        return all;
    }

    private static List<Cut> cuts(Map<Integer, LogEnd> seen, Map<Integer, Long> diverged, Map<Integer, LogEnd> now) {
        List<Cut> cuts = new ArrayList<>();
        now.forEach((partition, end) -> {
            LogEnd before = seen.getOrDefault(partition, new LogEnd(0, LogEnd.UNKNOWN));
            long from = Math.min(end.offset(), diverged.getOrDefault(partition, Long.MAX_VALUE));
            if (from < before.offset()) {
                cuts.add(new Cut(partition, from, before, end));
            }
        });
        return cuts;
    }

    /**
     * Of the partitions that once reached these ends and have another leader epoch since: from which offset on they are not
     * what they were. A consumer finds it out, as it does for its own position (KIP-320).
     */
    private Mono<Map<Integer, Long>> divergences(Map<Integer, LogEnd> before) {
        return before.isEmpty()
                ? Mono.just(Map.of())
                : Mono.fromCallable(() -> validate(before)).subscribeOn(blocking);
    }

    private Map<Integer, Long> validate(Map<Integer, LogEnd> before) {
        Map<TopicPartition, LogEnd> open = new HashMap<>();
        before.forEach((partition, end) -> open.put(place(partition), end));
        Map<Integer, Long> diverged = new HashMap<>();
        try (var validating = new KafkaConsumer<byte[], byte[]>(consumer)) {
            validating.assign(open.keySet());
            // With it come the present leader epochs, without which nothing is validated.
            validating.endOffsets(open.keySet(), MAX_ANSWER_TIME);
            open.forEach((place, end) ->
                    validating.seek(place, new OffsetAndMetadata(end.offset(), Optional.of(end.leaderEpoch()), "")));
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
            validating.position(next, MAX_ANSWER_TIME);
            open.remove(next);
        } catch (LogTruncationException truncated) {
            // Without the offset at which it diverged, the log has nothing of that time: all of it is another.
            truncated.offsetOutOfRangePartitions().keySet().forEach(place -> {
                OffsetAndMetadata last = truncated.divergentOffsets().get(place);
                diverged.put(place.partition(), last == null ? 0 : last.offset());
                open.remove(place);
            });
            validating.assign(open.keySet());
        }
    }
}
