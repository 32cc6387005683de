package chatql.kafka.streams;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Delays the replacement of failed stream threads. The cause of a failure often fails the next thread as soon as it
 * starts, and the pod would do nothing else. The pause doubles with each failure, and is reset after a while without
 * one.
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

    /** Waits on the thread that has failed. Returns whether to replace it, which is false once {@link #end} was called. */
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

    /** Ends all waits permanently. */
    void end() {
        ended.countDown();
    }
}
