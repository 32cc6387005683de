package chatql.kafka;

import chatql.history.HistoryUnavailable;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Waits, within a bound, until this pod's stores have what they must have. */
final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private final Progress progress;
    private final Committed committed;
    private final Duration bound;
    private final Timer waits;

    /** @param waits takes the time of each wait, as soon as one must be waited for */
    CatchUp(Progress progress, Committed committed, Duration bound, Timer waits) {
        this.progress = progress;
        this.committed = committed;
        this.bound = bound;
        this.waits = waits;
    }

    /** Until the store has the record at the offset. Errors with {@link HistoryUnavailable}. */
    Mono<Void> record(Progress.Source source, long offset) {
        return Mono.defer(() -> progress.reached(source) >= offset
                ? Mono.empty()
                : timed(progress.reach(source, offset)).timeout(bound, Mono.error(() -> late(source, offset))));
    }

    /** Timed however it ends. */
    private Mono<Void> timed(Mono<Void> wait) {
        long start = System.nanoTime();
        return wait.doFinally(end -> waits.record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
    }

    /** Until the store has all records below the offset, at which there need not be one. Errors with {@link HistoryUnavailable}. */
    Mono<Void> end(Progress.Source source, TopicPartition place, long end) {
        // The last offsets may hold no record, but the end of somebody's transaction: then what is committed says so.
        return Mono.defer(() -> progress.reached(source) >= end - 1 ? Mono.just(true) : isCommitted(source, place, end))
                .filter(there -> there)
                .switchIfEmpty(Mono.defer(() -> timed(progress.reach(source, end - 1)))
                        .thenReturn(true)
                        .timeout(bound, isCommitted(source, place, end).filter(there -> there)))
                .switchIfEmpty(Mono.error(() -> late(source, end - 1)))
                .then();
    }

    private Mono<Boolean> isCommitted(Progress.Source source, TopicPartition place, long end) {
        return committed
                .of(place)
                .map(offset -> offset >= end)
                .defaultIfEmpty(false)
                .doOnNext(there -> {
                    if (there) {
                        progress.pass(source, end - 1);
                    }
                })
                .onErrorMap(
                        failure -> new HistoryUnavailable("How far history is cannot be told now, try again", failure));
    }

    private HistoryUnavailable late(Progress.Source source, long offset) {
        LOG.debug("{} has come to {} and not to {} within {}", source, progress.reached(source), offset, bound);
        return late();
    }

    static HistoryUnavailable late() {
        return new HistoryUnavailable("History has not caught up with the log, try again", null);
    }
}
