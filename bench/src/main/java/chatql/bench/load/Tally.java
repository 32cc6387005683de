package chatql.bench.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Measures a task from begin to end: the time, and the processor time of this process. */
record Tally(long begin, Duration cpu) {
    static Tally begun() {
        return new Tally(System.nanoTime(), cpuSoFar());
    }

    private static Duration cpuSoFar() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    Outcome end(long sent) {
        return end(sent, new Histogram(3));
    }

    Outcome end(long sent, Histogram acknowledging) {
        return new Outcome(
                seconds(),
                seconds(),
                sent,
                0,
                0,
                0,
                0,
                0,
                cpuSpent(),
                Outcome.encode(acknowledging),
                Outcome.encode(new Histogram(3)));
    }

    Outcome end(double seconds, Speaker speaker, Ledger ledger) {
        return new Outcome(
                seconds,
                seconds(),
                speaker.acknowledged(),
                speaker.failed(),
                ledger.delivered(),
                ledger.missing(),
                ledger.twice(),
                ledger.disordered(),
                cpuSpent(),
                Outcome.encode(speaker.acknowledging()),
                Outcome.encode(ledger.delivering()));
    }

    private double cpuSpent() {
        return cpuSoFar().minus(cpu).toNanos() / 1e9;
    }
}
