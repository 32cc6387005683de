package chatql.kafka.streams;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Detects repeated failures: at least two within a minute, and no minute without a failure since. */
final class RepeatedFailures {
    private static final Duration RECOVERY_TIME = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private long last;
    private int count;

    RepeatedFailures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add() {
        count = isRecent() ? count + 1 : 1;
        last = nanoTime.getAsLong();
    }

    synchronized boolean isLasting() {
        return count > 1 && isRecent();
    }

    private boolean isRecent() {
        return count > 0 && nanoTime.getAsLong() - last < RECOVERY_TIME.toNanos();
    }
}
