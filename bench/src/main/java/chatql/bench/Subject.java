package chatql.bench;

import chatql.bench.load.Outcome;
import chatql.bench.load.Task;
import chatql.bench.load.Where;
import chatql.bench.process.Child;
import chatql.bench.process.LoadProcess;
import java.io.IOException;
import java.util.List;

/**
 * A server that is measured, and the load generator that is its own.
 *
 * @param others what was started for it and isn't measured
 */
record Subject(Kind kind, Child server, LoadProcess load, Where where, String topic, Child broker, List<Child> others)
        implements AutoCloseable {

    /**
     * What a task did, and what it took.
     *
     * @param cpu seconds of processor time of the server
     * @param broker seconds of processor time of the broker
     */
    record Measured(Outcome outcome, double cpu, double broker) {
        /** Microseconds of the server's processor time for each of so many. */
        double cpuEach(long many) {
            return many == 0 ? Double.NaN : 1e6 * cpu / many;
        }

        /** The load generator's share of one core. */
        double loadShare() {
            return outcome.cpu() / outcome.total();
        }
    }

    Measured measure(Task task) throws IOException {
        double before = server.cpu();
        double brokerBefore = broker.cpu();
        Outcome outcome = load.run(task);
        return new Measured(outcome, server.cpu() - before, broker.cpu() - brokerBefore);
    }

    @Override
    public void close() {
        load.close();
        server.close();
        others.forEach(Child::close);
    }
}
