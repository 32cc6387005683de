package chatql.kafka.streams;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Rebuilds corrupt state when a read or a thread meets it. Several requests cause one rebuild. The pause before it
 * grows while rebuilding does not help, so that a broken disk does not keep the pod busy.
 */
final class StateRebuilder {
    private static final Logger LOG = LoggerFactory.getLogger(StateRebuilder.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

    private final Runnable rebuild;
    private final Scheduler scheduler;
    private final Clock clock;
    private Duration pause = Duration.ZERO;
    private Instant last = Instant.MIN;
    private boolean pending;

    /** @param rebuild throws if it must be tried again */
    StateRebuilder(Runnable rebuild, Scheduler scheduler, Clock clock) {
        this.rebuild = rebuild;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Requests a rebuild and returns at once. */
    synchronized void request(String reason) {
        if (!pending) {
            pending = true;
            pause = nextPause();
            LOG.warn("Verifying history state in {}: {}", pause, reason);
            scheduler.schedule(this::run, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private Duration nextPause() {
        if (last.isBefore(clock.instant().minus(MAX_PAUSE.multipliedBy(2)))) {
            return Duration.ZERO;
        }
        Duration longer = pause.plus(pause).plus(SHORTEST_PAUSE);
        return longer.compareTo(MAX_PAUSE) < 0 ? longer : MAX_PAUSE;
    }

    private void run() {
        begin();
        boolean done = tryRebuild();
        end();
        if (!done) {
            request("the last rebuild failed");
        }
    }

    /** From now on another rebuild may be requested, because the restarted streams may fail before this one has ended. */
    private synchronized void begin() {
        pending = false;
        last = clock.instant();
    }

    private synchronized void end() {
        last = clock.instant();
    }

    private boolean tryRebuild() {
        try {
            rebuild.run();
            return true;
        } catch (RuntimeException failure) {
            LOG.error("Could not rebuild the history state", failure);
            return false;
        }
    }
}
