package chatql.graphql.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An attack that makes a pod store, compute or log much.
 *
 * @param ways run concurrently, each repeatedly until the time is over
 */
record MemoryAttack(String name, List<Way> ways) {
    /** Runs until the offender's time is over, or until it is disconnected. */
    @FunctionalInterface
    interface Way {
        void attack(Offender offender) throws IOException;
    }

    MemoryAttack(String name, Way... ways) {
        this(name, List.of(ways));
    }

    /** Runs until that time is over; then all connections are closed. */
    void run(Offender offender, Duration time) throws InterruptedException {
        try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            ways.forEach(way -> all.execute(() -> repeat(way, offender)));
            all.shutdown();
            all.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS);
            offender.close();
        }
    }

    /** Runs one of them. */
    static void repeat(Way way, Offender offender) {
        while (offender.goesOn()) {
            try {
                way.attack(offender);
            } catch (IOException | UncheckedIOException | AssertionError cutOff) {
                // It connects again.
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
