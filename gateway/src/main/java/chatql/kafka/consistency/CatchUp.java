package chatql.kafka.consistency;

import chatql.history.HistoryUnavailable;
import chatql.kafka.store.Source;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Waits, within a timeout, until this pod's stores have reached an offset. */
public final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private final StoreProgress storeProgress;
    private final Duration timeout;
    private final Timer waits;

    /** @param waits records the duration of each wait, but not of reads that need no wait */
    public CatchUp(StoreProgress storeProgress, Duration timeout, Timer waits) {
        this.storeProgress = storeProgress;
        this.timeout = timeout;
        this.waits = waits;
    }

    /**
     * Completes when the store has everything up to the offset, even if no record has that offset. Errors with
     * {@link HistoryUnavailable}.
     */
    public Mono<Void> reach(Source source, long offset) {
        return Mono.defer(() -> storeProgress.reached(source) >= offset
                ? Mono.empty()
                : timed(storeProgress.reach(source, offset)).timeout(timeout, Mono.error(() -> late(source, offset))));
    }

    /** Records the duration, whether the wait succeeds, fails or is cancelled. */
    private Mono<Void> timed(Mono<Void> wait) {
        long start = System.nanoTime();
        return wait.doFinally(end -> waits.record(System.nanoTime() - start, TimeUnit.NANOSECONDS));
    }

    private HistoryUnavailable late(Source source, long offset) {
        LOG.debug(
                "{} has reached offset {}, not {}, within {}", source, storeProgress.reached(source), offset, timeout);
        return late();
    }

    public static HistoryUnavailable late() {
        return new HistoryUnavailable("History has not caught up with the log, try again", null);
    }
}
