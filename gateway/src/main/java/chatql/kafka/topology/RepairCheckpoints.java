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
 * Keeps in a topic of its own what {@link RepairProgress} knows, for it must outlive stores and groups, which are made anew. What
 * the group has committed is acknowledged, and only that is written down: a mark may be behind, and is never ahead.
 */
public final class RepairCheckpoints extends BackgroundTask {
    private static final Logger LOG = LoggerFactory.getLogger(RepairCheckpoints.class);

    /** What was sent since the last mark is sent again by whoever begins anew. */
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** Between the epoch and the number of partitions. */
    private static final String COUNT = "-";

    /** Between the number of partitions and what was lost. */
    private static final String LOSSES = "~";

    private final RepairProgress repairProgress;
    private final TopicScan marks;
    private final TopicSettings topics;
    private final Epochs epochs;
    private final CommittedOffsets committedOffsets;
    private final DurableProducer durableProducer;
    private final Scheduler timer;
    private boolean loaded;

    /** Marks that must be written again, for they do not say by which number of partitions they are. */
    private final Map<Integer, Long> uncounted = new ConcurrentHashMap<>();

    public RepairCheckpoints(
            RepairProgress repairProgress,
            TopicScan marks,
            TopicSettings topics,
            Epochs epochs,
            CommittedOffsets committedOffsets,
            DurableProducer durableProducer,
            Scheduler timer) {
        super(LifecyclePhase.BACKGROUND);
        this.repairProgress = repairProgress;
        this.marks = marks;
        this.topics = topics;
        this.epochs = epochs;
        this.committedOffsets = committedOffsets;
        this.durableProducer = durableProducer;
        this.timer = timer;
    }

    // --- reading

    /** Reads, on the caller's thread, what was written down; once, for what comes later is known here or not needed. */
    public synchronized void load() {
        if (!loaded) {
            Map<String, Map<Integer, Long>> all = new HashMap<>();
            marks.read(mark -> take(mark, all));
            accept(all);
            loaded = true;
        }
    }

    private void take(ConsumerRecord<byte @Nullable [], byte @Nullable []> mark, Map<String, Map<Integer, Long>> all) {
        if (mark.key() == null || mark.value() == null) {
            return;
        }
        String[] key = new String(mark.key(), StandardCharsets.US_ASCII).split("/", 2);
        if (key[0].equals(Long.toHexString(epochs.first()))
                || key[0].startsWith(Long.toHexString(epochs.first()) + COUNT)) {
            all.computeIfAbsent(key[0], life -> new HashMap<>())
                    .put(Integer.parseInt(key[1]), Long.parseLong(new String(mark.value(), StandardCharsets.US_ASCII)));
        }
    }

    /** Where nothing is marked by any number of partitions, what earlier versions marked is by the present one. */
    private void accept(Map<String, Map<Integer, Long>> all) {
        String uncountedLife = Long.toHexString(epochs.first());
        all.getOrDefault(life(), Map.of()).forEach(repairProgress::reached);
        if (!epochs.losses().isEmpty()) {
            all.forEach((life, marked) -> acceptBeforeLosses(life, marked));
        }
        if (all.keySet().stream().noneMatch(life -> life.startsWith(uncountedLife + COUNT))) {
            uncounted.putAll(all.getOrDefault(uncountedLife, Map.of()));
            uncounted.forEach(repairProgress::reached);
        }
    }

    /** Of what was marked before the log has lost anything, what stands before its losses is still so. */
    private void acceptBeforeLosses(String life, Map<Integer, Long> marked) {
        if ((life + LOSSES).startsWith(counted() + LOSSES)) {
            marked.forEach((partition, end) -> repairProgress.reached(partition, Math.min(end, firstLoss(partition))));
        }
    }

    private long firstLoss(int partition) {
        NavigableMap<Long, Integer> losses = epochs.losses().get(partition);
        return losses == null ? Long.MAX_VALUE : losses.firstKey();
    }

    /** Which records are misplaced depends on the number of partitions. */
    private String counted() {
        return Long.toHexString(epochs.first()) + COUNT + topics.partitions();
    }

    /** After a loss, other records stand where marked ones did. */
    private String life() {
        return epochs.losses().isEmpty()
                ? counted()
                : counted() + LOSSES + Integer.toHexString(epochs.losses().hashCode());
    }

    // --- writing

    @Override
    protected Disposable begin() {
        return Flux.interval(EVERY, timer)
                .onBackpressureDrop()
                .concatMap(now -> mark(), 0)
                .subscribe();
    }

    private Mono<Void> mark() {
        return Flux.fromIterable(uncounted.entrySet())
                .concatMap(old -> durableProducer
                        .append(record(old.getKey(), old.getValue()))
                        .doOnNext(written -> uncounted.remove(old.getKey())))
                .then(Mono.defer(() -> repairProgress.open().isEmpty() ? Mono.empty() : committedOffsets.all()))
                .flatMapMany(all -> Flux.fromIterable(repairProgress.open().entrySet())
                        .concatMap(open -> mark(open.getKey(), open.getValue(), all)))
                .doOnError(failure -> LOG.debug("What is handled can't be written down now", failure))
                .onErrorComplete()
                .then();
    }

    private Mono<Void> mark(int partition, long latest, Map<TopicPartition, OffsetAndMetadata> all) {
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
                life() + "/" + partition,
                Long.toString(end).getBytes(StandardCharsets.US_ASCII));
    }
}
