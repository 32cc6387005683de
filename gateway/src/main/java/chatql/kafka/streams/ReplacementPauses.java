package chatql.kafka.streams;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds back the threads that replace failed ones: what has failed a thread fails the next one as soon as it starts, and a
 * pod would do nothing else. The pause doubles from failure to failure, and begins again after a while without one.
 */
final class ReplacementPauses {
    static final Duration SHORTEST = Duration.ofSeconds(1);
    static final Duration MAX_TIME = Duration.ofSeconds(30);

    private final Clock clock;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Duration next = SHORTEST;
    private Instant last = Instant.MIN;

    ReplacementPauses(Clock clock) {
        this.clock = clock;
    }

    /** Waits, on the thread that has failed. Whether another one is wanted then: not when {@link #end} was called. */
    boolean await() {
        try {
            return !ended.await(pause().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    synchronized Duration pause() {
        Instant now = clock.instant();
        Duration pause = last.isBefore(now.minus(MAX_TIME.multipliedBy(2))) ? SHORTEST : next;
        last = now.plus(pause);
        next = pause.multipliedBy(2).compareTo(MAX_TIME) < 0 ? pause.multipliedBy(2) : MAX_TIME;
        return pause;
    }

    /** Ends the waiting, for good. */
    void end() {
        ended.countDown();
    }
}
