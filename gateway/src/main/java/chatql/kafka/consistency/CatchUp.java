package chatql.kafka.consistency;

import chatql.history.HistoryUnavailable;
import chatql.kafka.store.Source;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Waits, within a bound, until this pod's stores have what they must have. */
public final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private final StoreProgress storeProgress;
    private final Duration bound;
    private final Timer waits;

    /** @param waits takes the time of each wait, as soon as one must be waited for */
    public CatchUp(StoreProgress storeProgress, Duration bound, Timer waits) {
        this.storeProgress = storeProgress;
        this.bound = bound;
        this.waits = waits;
    }

    /** Until the store has all up to the offset, at which there need not be a record. Errors with {@link HistoryUnavailable}. */
    public Mono<Void> reach(Source source, long offset) {
        return Mono.defer(() -> storeProgress.reached(source) >= offset
                ? Mono.empty()
                : timed(storeProgress.reach(source, offset)).timeout(bound, Mono.error(() -> late(source, offset))));
    }

    /** Timed however it ends. */
    private Mono<Void> timed(Mono<Void> wait) {
        long start = System.nanoTime();
        return wait.doFinally(end -> waits.record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
    }

    private HistoryUnavailable late(Source source, long offset) {
        LOG.debug("{} has come to {} and not to {} within {}", source, storeProgress.reached(source), offset, bound);
        return late();
    }

    public static HistoryUnavailable late() {
        return new HistoryUnavailable("History has not caught up with the log, try again", null);
    }
}
