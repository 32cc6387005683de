package chatql.kafka.identity;

import chatql.kafka.client.BackgroundTask;
import chatql.lifecycle.LifecyclePhase;
import chatql.message.Epochs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Scheduler;

/**
 * Detects that the log has lost records, which happens after a broker's power loss, or when a replica that lacks them
 * becomes the leader. Either the end is below one that this pod has seen, or the leader epochs reveal that the log
 * continues from an earlier offset.
 */
public final class TruncationWatch extends BackgroundTask {
    /** Called on losses. */
    public interface Listener {
        /** This pod has found that records were lost. */
        void lost(long records);

        /** This pod or another one has found a loss since this pod's start. May be called several times. */
        void epochsChanged();
    }

    private static final Logger LOG = LoggerFactory.getLogger(TruncationWatch.class);

    /**
     * The interval between checks. A pod that appends nothing may miss a loss for this long, and also while a leader
     * does not answer.
     */
    static final Duration EVERY = Duration.ofSeconds(1);

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(30);

    private final String topic;
    private final LogEnds ends;
    private final LogMarks marks;
    private final LogLosses losses;
    private final Epochs served;
    private final LogIdentityWatch watch;
    private final IntToLongFunction history;
    private final Listener listener;
    private final @Nullable LogEndFile file;
    private final Scheduler timer;
    private final StaleAnswers staleAnswers;
    private final Scheduler blocking;
    /** The ends at the last check. */
    private volatile Map<Integer, LogEnd> last = Map.of();

    /**
     * @param served the epochs at this pod's start
     * @param history the offset that history has reached in a partition
     * @param file stores the ends for the next start; null on pods that store nothing
     */
    public TruncationWatch(
            String topic,
            LogEnds ends,
            LogMarks marks,
            LogLosses losses,
            Epochs served,
            LogIdentityWatch watch,
            IntToLongFunction history,
            Listener listener,
            @Nullable LogEndFile file,
            Scheduler timer,
            Scheduler blocking) {
        super(LifecyclePhase.LOG_WATCH);
        this.topic = topic;
        this.ends = ends;
        this.marks = marks;
        this.losses = losses;
        this.served = served;
        this.watch = watch;
        this.history = history;
        this.listener = listener;
        this.file = file;
        this.timer = timer;
        this.staleAnswers = new StaleAnswers(timer);
        this.blocking = blocking;
    }

    /** Stops checking once the log has changed: later losses are for the next start. */
    @Override
    protected Disposable begin() {
        return Flux.interval(Duration.ZERO, EVERY, timer)
                .onBackpressureDrop()
                .concatMap(
                        tick -> check().doOnError(failure -> LOG.debug("Cannot query the ends of the log now", failure))
                                .onErrorComplete(),
                        1)
                .subscribe();
    }

    Mono<Void> check() {
        return Mono.defer(() -> {
            if (watch.isChanged(topic)) {
                return Mono.empty();
            }
            // Before the query for the ends: what this pod sees during the query is not yet in the answer.
            Map<Integer, LogEnd> known = known();
            Map<Integer, LogEnd> seen = seen(known);
            return ends.now()
                    .publishOn(blocking)
                    .map(now -> staleAnswers.dropped(seen, now))
                    .flatMap(now -> ends.cuts(seen, last, marks.diverged(), now)
                            .flatMap(cuts -> cuts.isEmpty() ? accept(now) : report(cuts, known, seen, now))
                            .then(losses.readOthers())
                            .then(Mono.<Void>fromRunnable(this::compare)))
                    .timeout(CHECK_TIMEOUT, timer)
                    .doFinally(this::finished);
        });
    }

    /** Last, because the listener may stop this check. */
    private void finished(SignalType signal) {
        if (signal != SignalType.CANCEL && hasNewEpochs()) {
            listener.epochsChanged();
        }
    }

    private boolean hasNewEpochs() {
        return !losses.epochs().equals(served);
    }

    /** The highest end of each partition whose leader epoch is known. */
    private Map<Integer, LogEnd> known() {
        return byPartition(partition -> {
            LogEnd read = marks.read(partition);
            LogEnd before = last.getOrDefault(partition, LogEnd.NONE);
            return read.offset() > before.offset() ? read : before;
        });
    }

    /**
     * The highest end of each partition. Acknowledgements and history tell no leader epoch, and only a later leader than
     * the known one can contradict them.
     */
    private Map<Integer, LogEnd> seen(Map<Integer, LogEnd> known) {
        return byPartition(partition -> {
            LogEnd end = known.getOrDefault(partition, LogEnd.NONE);
            long reached = Math.max(marks.end(partition), history.applyAsLong(partition) + 1);
            boolean isFirst = end.leaderEpoch() == LogEnd.UNKNOWN;
            return reached <= end.offset()
                    ? end
                    : new LogEnd(reached, isFirst ? LogEnd.UNKNOWN : end.leaderEpoch() + 1);
        });
    }

    private Map<Integer, LogEnd> byPartition(IntFunction<LogEnd> end) {
        return IntStream.range(0, marks.partitions())
                .boxed()
                .collect(Collectors.toMap(partition -> partition, end::apply));
    }

    private Mono<Void> accept(Map<Integer, LogEnd> now) {
        return Mono.fromRunnable(() -> {
            now.forEach((partition, end) -> marks.reached(partition, end.offset()));
            Map<Integer, LogEnd> all = with(last, now);
            if (file != null && !all.equals(last)) {
                file.write(all);
            }
            last = all;
        });
    }

    /** The ends now; the earlier ones of partitions whose leader has not answered. */
    private static Map<Integer, LogEnd> with(Map<Integer, LogEnd> before, Map<Integer, LogEnd> now) {
        Map<Integer, LogEnd> all = new HashMap<>(before);
        all.putAll(now);
        return all;
    }

    private Mono<Void> report(
            List<LogEnds.Cut> cuts, Map<Integer, LogEnd> known, Map<Integer, LogEnd> seen, Map<Integer, LogEnd> now) {
        return Flux.fromIterable(cuts)
                .filter(cut -> !losses.has(
                        cut.partition(),
                        cut.from(),
                        known.getOrDefault(cut.partition(), LogEnd.NONE).leaderEpoch()))
                .concatMap(
                        cut -> losses.add(cut.partition(), cut.from(), cut.now().leaderEpoch()))
                .then(Mono.fromRunnable(() -> {
                    cuts.forEach(cut -> {
                        listener.lost(cut.size());
                        LOG.error("{}", cut.text(topic));
                    });
                    if (file != null) {
                        // The next start finds the losses of the other partitions.
                        file.write(with(seen, now));
                    }
                    compare();
                }));
    }

    /** Compares with the losses of all pods, so that a loss that another pod found counts, too. */
    private void compare() {
        if (hasNewEpochs()) {
            watch.recordsLost(
                    topic,
                    "Topic %s has lost records that it had: this pod restarts and continues with the remaining records"
                            .formatted(topic));
        }
    }

    /**
     * Whether the append got an offset that no record had before.
     *
     * @param before the end of the partition as known to this pod when the record was sent
     */
    boolean isNew(int partition, long offset, long before) {
        if (offset >= before) {
            marks.reached(partition, offset + 1);
        } else {
            marks.diverged(partition, offset);
        }
        return offset >= before;
    }

    /** The highest end of the partition that this pod has seen. */
    long end(int partition) {
        return marks.end(partition);
    }
}
