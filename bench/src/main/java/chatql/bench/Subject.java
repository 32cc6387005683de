package chatql.bench;

import chatql.bench.load.Outcome;
import chatql.bench.load.Task;
import chatql.bench.load.Where;
import chatql.bench.process.Child;
import chatql.bench.process.LoadProcess;
import java.io.IOException;
import java.util.List;

/**
 * A measured server and its own load generator.
 *
 * @param others processes that were started for it and are not measured
 */
record Subject(Kind kind, Child server, LoadProcess load, Where where, String topic, Child broker, List<Child> others)
        implements AutoCloseable {

    /**
     * The outcome of a task, and its cost.
     *
     * @param cpu seconds of processor time of the server
     * @param broker seconds of processor time of the broker
     */
    record Measured(Outcome outcome, double cpu, double broker) {
        /** The server's processor time divided by a number of operations, in microseconds. */
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
