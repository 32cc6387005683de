package chatql.kafka.streams;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Has broken state rebuilt when somebody comes upon it: once, however many do, and after a pause that grows while
 * rebuilding doesn't help, so that a broken disk doesn't keep the pod busy.
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

    /** @param rebuild that fails when it must be tried again */
    StateRebuilder(Runnable rebuild, Scheduler scheduler, Clock clock) {
        this.rebuild = rebuild;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Returns at once. */
    synchronized void request(String why) {
        if (!pending) {
            pending = true;
            pause = nextPause();
            LOG.warn("The state of history is looked through in {}, for {}", pause, why);
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
        boolean done = tried();
        end();
        if (!done) {
            request("it could not be rebuilt");
        }
    }

    /** From now on another may be asked for: what is started anew may break before this one has ended. */
    private synchronized void begin() {
        pending = false;
        last = clock.instant();
    }

    private synchronized void end() {
        last = clock.instant();
    }

    private boolean tried() {
        try {
            rebuild.run();
            return true;
        } catch (RuntimeException failure) {
            LOG.error("The state of history could not be rebuilt", failure);
            return false;
        }
    }
}
