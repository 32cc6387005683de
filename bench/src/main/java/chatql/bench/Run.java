package chatql.bench;

import chatql.bench.Subject.Measured;
import chatql.bench.load.Outcome;
import chatql.bench.load.Task;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * The scenes in which all kinds run side by side and take turns, so that a disturbance of the machine affects all of
 * them.
 */
final class Run {
    static final String MESSAGES = "messages/s";
    static final String DELIVERIES = "deliveries/s";
    static final String CPU_MESSAGE = "server CPU per message, µs";
    static final String CPU_DELIVERY = "server CPU per delivery, µs";
    static final String CPU_RECORD = "server CPU per record, µs";
    static final String P50 = "p50, ms";
    static final String P99 = "p99, ms";
    static final String UNCLEAN = "lost, twice, out of order, failed";

    private static final int CONNECTIONS = 64;
    private static final int DEVICES = 1_000;
    private static final int SAID_TO_DEVICES = 50;
    private static final int NOISE = 100_000;
    private static final double TOO_LATE_MS = 100;

    private final Effort effort;
    private final Figures figures;
    private final Curves curves;
    private final List<Subject> subjects;
    private final Map<Kind, Integer> tooMuch = new EnumMap<>(Kind.class);

    Run(Effort effort, Figures figures, Curves curves, List<Subject> subjects) {
        this.effort = effort;
        this.figures = figures;
        this.curves = curves;
        this.subjects = subjects;
    }

    void warmUp() throws Exception {
        for (Subject subject : subjects) {
            subject.measure(new Task.Append(subject.where(), false, CONNECTIONS, effort.warmUp() / 2));
            subject.measure(new Task.Append(subject.where(), true, CONNECTIONS, effort.warmUp() / 2));
            listen(subject, effort.subscribers());
            subject.measure(chat(subject, 1_000, effort.warmUp() / 2));
        }
    }

    /** Appends without subscribers. */
    void append(boolean sockets, int connections) throws Exception {
        for (Subject subject : subjects) {
            subject.load().run(new Task.Leave());
            Measured measured =
                    subject.measure(new Task.Append(subject.where(), sockets, connections, effort.seconds()));
            String scene = "append, %d %s".formatted(connections, sockets ? "WebSockets" : "connections");
            Outcome outcome = measured.outcome();
            add(scene, subject, MESSAGES, outcome.sent() / outcome.seconds());
            addTimes(scene, subject, Outcome.decode(outcome.acknowledging()));
            add(scene, subject, CPU_MESSAGE, measured.cpuEach(outcome.sent()));
            addCare(scene, subject, measured);
        }
    }

    void listen() throws Exception {
        for (Subject subject : subjects) {
            listen(subject, effort.subscribers());
        }
    }

    private void listen(Subject subject, int users) throws Exception {
        // A tenth of them use server-sent events, which the floor does not have.
        int streams = subject.kind() == Kind.FLOOR ? 0 : effort.subscribers() / 10;
        subject.load().run(new Task.Listen(subject.where(), effort.subscribers(), users, streams));
    }

    /** Each message has one subscriber. */
    void live(boolean sockets) throws Exception {
        String by = sockets ? " by WebSocket" : "";
        for (Subject subject : subjects) {
            Measured measured =
                    subject.measure(new Task.Append(subject.where(), sockets, CONNECTIONS, effort.seconds()));
            addDeliveries("append%s and live, %,d subscribers".formatted(by, effort.subscribers()), subject, measured);
        }
    }

    void chat() throws Exception {
        tooMuch.clear();
        for (int rate : effort.rates()) {
            for (Subject subject : subjects) {
                if (tooMuch.getOrDefault(subject.kind(), 0) < 2) {
                    chat(subject, rate);
                }
            }
        }
    }

    private void chat(Subject subject, int rate) throws Exception {
        Measured measured = subject.measure(chat(subject, rate, effort.seconds()));
        String scene = "chat at %,d messages/s".formatted(rate);
        addDeliveries(scene, subject, measured);
        Histogram times = Outcome.decode(measured.outcome().delivering());
        curves.add(rate, subject.kind(), times);
        boolean kept = measured.outcome().clean() && times.getValueAtPercentile(99) < 1_000 * TOO_LATE_MS;
        tooMuch.merge(subject.kind(), kept ? 0 : 1, (before, now) -> kept ? 0 : before + 1);
        if (kept) {
            curves.kept(rate, subject.kind());
        }
    }

    private static Task chat(Subject subject, int rate, double seconds) {
        return new Task.Chat(subject.where(), CONNECTIONS, rate, seconds);
    }

    /** Delivers to many devices of one user. */
    void crowd() throws Exception {
        for (Subject subject : subjects) {
            subject.load().run(new Task.Listen(subject.where(), DEVICES, 1, 0));
            Measured measured = subject.measure(chat(subject, SAID_TO_DEVICES, effort.seconds()));
            addDeliveries(
                    "crowd, %,d devices of one user, %d messages/s".formatted(DEVICES, SAID_TO_DEVICES),
                    subject,
                    measured);
        }
    }

    /** Measures the cost of a record without a subscriber; the floor's is that of the fetch alone. */
    void noise(String bootstrapServers) throws Exception {
        Set<Kind> listening = EnumSet.of(Kind.FLOOR, Kind.EDGE, Kind.OTHER);
        for (Subject subject : subjects) {
            if (listening.contains(subject.kind())) {
                listen(subject, effort.subscribers());
                var noise = new Task.Noise(bootstrapServers, subject.topic(), NOISE, effort.seconds());
                // Nothing else warms this up, and it costs less than the JIT, which is still busy with the previous
                // scenes.
                subject.load().run(noise);
                double idle = idleCpu(subject);
                Measured measured = subject.measure(noise);
                long sent = measured.outcome().sent();
                String scene = "noise, %,d records/s without a subscriber".formatted(NOISE);
                add(scene, subject, "records/s", sent / measured.outcome().total());
                double busy = measured.cpu() - idle * measured.outcome().total();
                add(scene, subject, CPU_RECORD, 1e6 * busy / sent);
            }
        }
    }

    /** The processor time of the server without load, in cores. */
    private static double idleCpu(Subject subject) throws InterruptedException {
        double before = subject.server().cpu();
        Thread.sleep(1_000);
        return subject.server().cpu() - before;
    }

    private void addDeliveries(String scene, Subject subject, Measured measured) {
        Outcome outcome = measured.outcome();
        add(scene, subject, MESSAGES, outcome.sent() / outcome.seconds());
        add(scene, subject, DELIVERIES, outcome.delivered() / outcome.total());
        addTimes(scene, subject, Outcome.decode(outcome.delivering()));
        add(scene, subject, CPU_DELIVERY, measured.cpuEach(outcome.delivered()));
        addCare(scene, subject, measured);
    }

    private void addTimes(String scene, Subject subject, Histogram micros) {
        add(scene, subject, P50, micros.getValueAtPercentile(50) / 1e3);
        add(scene, subject, P99, micros.getValueAtPercentile(99) / 1e3);
    }

    private void addCare(String scene, Subject subject, Measured measured) {
        Outcome outcome = measured.outcome();
        add(scene, subject, UNCLEAN, unclean(outcome, scene, subject.kind()));
        add(scene, subject, "load generator, cores", measured.loadShare());
        add(scene, subject, "broker, cores", measured.broker() / outcome.total());
    }

    /** Returns and prints the number of messages that were not delivered once and in order. */
    static double unclean(Outcome outcome, String scene, Kind kind) {
        if (!outcome.clean()) {
            System.out.printf(
                    "%s, %s: %,d lost, %,d twice, %,d out of order, %,d failed%n",
                    scene, kind.title(), outcome.lost(), outcome.twice(), outcome.disordered(), outcome.failed());
        }
        return (double) (outcome.lost() + outcome.twice() + outcome.disordered() + outcome.failed());
    }

    private void add(String scene, Subject subject, String quantity, double value) {
        figures.add(scene, subject.kind(), quantity, value);
        System.out.printf("%-55s %-25s %-32s %,12.2f%n", scene, subject.kind().title(), quantity, value);
    }
}
