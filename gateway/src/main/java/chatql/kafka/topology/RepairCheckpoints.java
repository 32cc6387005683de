package chatql.kafka.topology;

import chatql.kafka.client.BackgroundTask;
import chatql.kafka.client.DurableProducer;
import chatql.kafka.client.TopicScan;
import chatql.kafka.consistency.CommittedOffsets;
import chatql.kafka.topic.TopicSettings;
import chatql.lifecycle.LifecyclePhase;
import chatql.message.Epochs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Persists {@link RepairProgress} in a topic of its own, because it must outlive stores and consumer groups, which are
 * rebuilt. The source of truth is the group's committed offsets, for which all output is acknowledged. A checkpoint may
 * lag behind, and is never ahead.
 */
public final class RepairCheckpoints extends BackgroundTask {
    private static final Logger LOG = LoggerFactory.getLogger(RepairCheckpoints.class);

    /** A restart repeats the repairs since the last checkpoint. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Separates the epoch from the number of partitions. */
    private static final String COUNT = "-";

    /** Separates the number of partitions from the losses. */
    private static final String LOSSES = "~";

    private final RepairProgress repairProgress;
    private final TopicScan checkpoints;
    private final TopicSettings topics;
    private final Epochs epochs;
    private final CommittedOffsets committedOffsets;
    private final DurableProducer durableProducer;
    private final Scheduler timer;
    private boolean loaded;

    /** Checkpoints to rewrite, because their keys lack the number of partitions. */
    private final Map<Integer, Long> uncounted = new ConcurrentHashMap<>();

    public RepairCheckpoints(
            RepairProgress repairProgress,
            TopicScan checkpoints,
            TopicSettings topics,
            Epochs epochs,
            CommittedOffsets committedOffsets,
            DurableProducer durableProducer,
            Scheduler timer) {
        super(LifecyclePhase.BACKGROUND);
        this.repairProgress = repairProgress;
        this.checkpoints = checkpoints;
        this.topics = topics;
        this.epochs = epochs;
        this.committedOffsets = committedOffsets;
        this.durableProducer = durableProducer;
        this.timer = timer;
    }

    // --- reading

    /** Loads the checkpoints on the caller's thread, once. Later ones are known to this pod, or it does not need them. */
    public synchronized void load() {
        if (!loaded) {
            Map<String, Map<Integer, Long>> all = new HashMap<>();
            checkpoints.read(checkpoint -> collect(checkpoint, all));
            accept(all);
            loaded = true;
        }
    }

    private void collect(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> checkpoint, Map<String, Map<Integer, Long>> all) {
        if (checkpoint.key() == null || checkpoint.value() == null) {
            return;
        }
        String[] key = new String(checkpoint.key(), StandardCharsets.US_ASCII).split("/", 2);
        if (key[0].equals(Long.toHexString(epochs.first()))
                || key[0].startsWith(Long.toHexString(epochs.first()) + COUNT)) {
            all.computeIfAbsent(key[0], keyPrefix -> new HashMap<>())
                    .put(
                            Integer.parseInt(key[1]),
                            Long.parseLong(new String(checkpoint.value(), StandardCharsets.US_ASCII)));
        }
    }

    /** If no checkpoint has a number of partitions, those of earlier versions apply to the present number. */
    private void accept(Map<String, Map<Integer, Long>> all) {
        String uncountedPrefix = Long.toHexString(epochs.first());
        all.getOrDefault(keyPrefix(), Map.of()).forEach(repairProgress::reached);
        if (!epochs.losses().isEmpty()) {
            all.forEach((keyPrefix, offsets) -> acceptBeforeLosses(keyPrefix, offsets));
        }
        if (all.keySet().stream().noneMatch(keyPrefix -> keyPrefix.startsWith(uncountedPrefix + COUNT))) {
            uncounted.putAll(all.getOrDefault(uncountedPrefix, Map.of()));
            uncounted.forEach(repairProgress::reached);
        }
    }

    /** Checkpoints from before a loss of the log still hold for offsets before the loss. */
    private void acceptBeforeLosses(String keyPrefix, Map<Integer, Long> offsets) {
        if ((keyPrefix + LOSSES).startsWith(prefixWithCount() + LOSSES)) {
            offsets.forEach((partition, end) -> repairProgress.reached(partition, Math.min(end, firstLoss(partition))));
        }
    }

    private long firstLoss(int partition) {
        NavigableMap<Long, Integer> losses = epochs.losses().get(partition);
        return losses == null ? Long.MAX_VALUE : losses.firstKey();
    }

    /** The key includes the number of partitions, which determines whether a record is misplaced. */
    private String prefixWithCount() {
        return Long.toHexString(epochs.first()) + COUNT + topics.partitions();
    }

    /** The key includes the losses, because after a loss, offsets below the checkpoint have other records. */
    private String keyPrefix() {
        return epochs.losses().isEmpty()
                ? prefixWithCount()
                : prefixWithCount()
                        + LOSSES
                        + Integer.toHexString(epochs.losses().hashCode());
    }

    // --- writing

    @Override
    protected Disposable begin() {
        return Flux.interval(INTERVAL, timer)
                .onBackpressureDrop()
                .concatMap(now -> checkpoint(), 0)
                .subscribe();
    }

    private Mono<Void> checkpoint() {
        return Flux.fromIterable(uncounted.entrySet())
                .concatMap(entry -> durableProducer
                        .append(record(entry.getKey(), entry.getValue()))
                        .doOnNext(written -> uncounted.remove(entry.getKey())))
                .then(Mono.defer(() -> repairProgress.open().isEmpty() ? Mono.empty() : committedOffsets.all()))
                .flatMapMany(all -> Flux.fromIterable(repairProgress.open().entrySet())
                        .concatMap(open -> checkpoint(open.getKey(), open.getValue(), all)))
                .doOnError(failure -> LOG.debug("Repair checkpoints cannot be written now; retrying", failure))
                .onErrorComplete()
                .then();
    }

    private Mono<Void> checkpoint(int partition, long latest, Map<TopicPartition, OffsetAndMetadata> all) {
        OffsetAndMetadata end = all.get(new TopicPartition(topics.messages(), partition));
        return end == null || end.offset() <= latest
                ? Mono.empty()
                : durableProducer
                        .append(record(partition, end.offset()))
                        .doOnNext(written -> repairProgress.reached(partition, end.offset()))
                        .then();
    }

    private ProducerRecord<String, byte[]> record(int partition, long end) {
        return new ProducerRecord<>(
                topics.repairCheckpoints(),
                keyPrefix() + "/" + partition,
                Long.toString(end).getBytes(StandardCharsets.US_ASCII));
    }
}
