package chatql.kafka.identity;

import chatql.kafka.client.BackgroundTask;
import chatql.lifecycle.LifecyclePhase;
import chatql.message.Epochs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Notices that the log has lost records that it had: after a broker's power loss, or when a replica leads that lacks them. Its
 * end lies before one that this pod has seen, or its leaders' epochs say that it goes on from an earlier place.
 */
public final class TruncationWatch extends BackgroundTask {
    private static final Logger LOG = LoggerFactory.getLogger(TruncationWatch.class);

    /** In which a loss may go unnoticed by a pod that appends nothing; while a leader does not answer, too. */
    static final Duration EVERY = Duration.ofSeconds(1);

    private static final Duration MAX_LOOK_TIME = Duration.ofSeconds(30);

    private final String topic;
    private final LogEnds ends;
    private final LogMarks marks;
    private final LogLosses losses;
    private final Epochs served;
    private final LogIdentityWatch watch;
    private final IntToLongFunction history;
    private final LongConsumer lost;
    private final @Nullable LogEndFile file;
    private final Scheduler timer;
    private final Scheduler blocking;
    /** The ends at the last look. */
    private volatile Map<Integer, LogEnd> last = Map.of();

    /**
     * @param served what was lost when this pod has started
     * @param history how far history has followed each partition
     * @param lost told how many offsets were lost
     * @param file where the ends are kept for the next start; null on pods that keep nothing
     */
    public TruncationWatch(
            String topic,
            LogEnds ends,
            LogMarks marks,
            LogLosses losses,
            Epochs served,
            LogIdentityWatch watch,
            IntToLongFunction history,
            LongConsumer lost,
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
        this.lost = lost;
        this.file = file;
        this.timer = timer;
        this.blocking = blocking;
    }

    /** Once the log is another one it looks no further: what comes after that is for the next start. */
    @Override
    protected Disposable begin() {
        return Flux.interval(Duration.ZERO, EVERY, timer)
                .onBackpressureDrop()
                .concatMap(
                        tick -> look().doOnError(failure -> LOG.debug("The log's end can't be looked at now", failure))
                                .onErrorComplete(),
                        1)
                .subscribe();
    }

    Mono<Void> look() {
        return Mono.defer(() -> {
            if (watch.isChanged(topic)) {
                return Mono.empty();
            }
            // Before the log is asked for its ends: what this pod sees meanwhile is not yet in the answer.
            Map<Integer, LogEnd> seen = seen();
            return ends.now()
                    .publishOn(blocking)
                    .flatMap(now -> ends.cuts(seen, last, marks.diverged(), now)
                            .flatMap(cuts -> cuts.isEmpty() ? kept(now) : found(cuts, now))
                            .then(losses.readOthers())
                            .then(Mono.<Void>fromRunnable(this::compare)))
                    .timeout(MAX_LOOK_TIME, timer);
        });
    }

    /** How far each partition has been seen to reach, and under which leader at the last look. */
    private Map<Integer, LogEnd> seen() {
        Map<Integer, LogEnd> seen = new HashMap<>();
        long[] reached = marks.ends();
        for (int partition = 0; partition < reached.length; partition++) {
            long end = Math.max(reached[partition], history.applyAsLong(partition) + 1);
            LogEnd before = last.getOrDefault(partition, new LogEnd(0, LogEnd.UNKNOWN));
            seen.put(partition, new LogEnd(Math.max(end, before.offset()), before.leaderEpoch()));
        }
        return seen;
    }

    private Mono<Void> kept(Map<Integer, LogEnd> now) {
        return Mono.fromRunnable(() -> {
            now.forEach((partition, end) -> marks.reached(partition, end.offset()));
            if (file != null && !now.equals(last)) {
                file.write(now);
            }
            last = now;
        });
    }

    private Mono<Void> found(List<LogEnds.Cut> cuts, Map<Integer, LogEnd> now) {
        return Flux.fromIterable(cuts)
                .filter(cut ->
                        !losses.has(cut.partition(), cut.from(), cut.seen().leaderEpoch()))
                .concatMap(
                        cut -> losses.add(cut.partition(), cut.from(), cut.now().leaderEpoch()))
                .then(Mono.fromRunnable(() -> {
                    cuts.forEach(cut -> {
                        lost.accept(cut.size());
                        LOG.error("{}", cut.text(topic));
                    });
                    if (file != null) {
                        file.write(now);
                    }
                    compare();
                }));
    }

    /** A loss that another pod has found counts, too. */
    private void compare() {
        if (!losses.epochs().equals(served)) {
            watch.lose(
                    topic,
                    "Topic %s has lost records that it had: restart the pods, which go on with what is left"
                            .formatted(topic));
        }
    }

    /**
     * Whether the append has got a place that no record had before.
     *
     * @param before the end of the partition as this pod knew it when the record was sent
     */
    boolean isNew(int partition, long offset, long before) {
        if (offset >= before) {
            marks.reached(partition, offset + 1);
        } else {
            marks.diverged(partition, offset);
        }
        return offset >= before;
    }

    /** How far the partition has been seen to reach. */
    long end(int partition) {
        return marks.end(partition);
    }
}
