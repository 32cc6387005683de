package chatql.bench;

import chatql.bench.load.Outcome;
import chatql.bench.load.Task;
import chatql.bench.report.Machine;
import chatql.bench.report.Plot.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The scenes that run alone, each against a server of its own. */
final class Apart {
    static final String IDLE = "idle subscriptions";
    static final String RESIDENT = "resident memory each, KiB";
    static final String HEAP = "heap each, KiB";
    static final String STORM = "storm";
    static final String ALL_BACK = "all have caught up after, s";
    static final String COLD = "cold, the first 10 s from readiness, 256 connections";
    static final String READY = "from start to readiness, s";
    static final String AFTER = "messages/s in the last 2 s of them";
    static final String WARM = "messages/s when it is warm";
    static final String HISTORY = "history, the last 50 messages";
    static final String LONGER = "p50 in the long timeline to that in the short one";

    private static final int KIB = 1024;
    private static final int CONNECTIONS = 64;
    private static final int STORM_RATE = 200;
    private static final double STORM_SECONDS = 8;
    private static final double COLD_SECONDS = 10;
    private static final double COLD_END = 2;
    private static final int PAGE = 50;
    private static final int PAGES = 200;

    /** Other files that a server opens: jars, logs and its connections to the broker. */
    private static final int OTHER_FILES = 1_000;

    private final Effort effort;
    private final Figures figures;
    private final Stage stage;
    private final Map<Kind, List<Point>> memory;

    /** @param memory receives resident memory in MiB, by idle subscriptions */
    Apart(Effort effort, Figures figures, Map<Kind, List<Point>> memory, Stage stage) {
        this.effort = effort;
        this.figures = figures;
        this.memory = memory;
        this.stage = stage;
    }

    /** Measures memory by number of idle subscriptions, each on its own WebSocket. */
    void idle(Kind kind) throws Exception {
        try (Subject subject = stage.start(kind)) {
            subject.load().run(new Task.Append(subject.where(), false, CONNECTIONS, effort.seconds()));
            // The memory of serving the first one at all is not the memory of one more.
            subject.load().run(new Task.Join(subject.where(), effort.idle().getFirst()));
            subject.load().run(new Task.Leave());
            var resident = new ArrayList<Point>();
            var heap = new ArrayList<Point>();
            for (int wanted : effort.idle()) {
                int open = Math.min(wanted, Machine.openFiles() - OTHER_FILES);
                int before = resident.isEmpty() ? 0 : (int) resident.getLast().x();
                subject.load().run(new Task.Join(subject.where(), open - before));
                subject.server().collect();
                resident.add(new Point(open, subject.server().resident() / (double) (KIB * KIB)));
                heap.add(new Point(open, subject.server().heap() / (double) (KIB * KIB)));
                System.out.printf(
                        "%,d idle subscriptions, %s: %.0f MiB resident, %.0f MiB of heap%n",
                        open,
                        kind.title(),
                        resident.getLast().y(),
                        heap.getLast().y());
            }
            memory.put(kind, resident);
            add(IDLE, kind, RESIDENT, slope(resident));
            add(IDLE, kind, HEAP, slope(heap));
        }
    }

    /** The slope between the first two, in KiB. */
    private static double slope(List<Point> mebibytes) {
        Point first = mebibytes.get(0);
        Point second = mebibytes.get(1);
        return KIB * (second.y() - first.y()) / (second.x() - first.x());
    }

    void storm(Kind kind) throws Exception {
        try (Subject subject = stage.startWithHistory(kind)) {
            subject.load().run(new Task.Append(subject.where(), false, CONNECTIONS, 2 * effort.seconds()));
            subject.load().run(new Task.Listen(subject.where(), effort.storm(), effort.storm(), 0));
            var storm = new Task.Storm(subject.where(), CONNECTIONS, STORM_RATE, STORM_SECONDS);
            String scene = "%s, %,d clients".formatted(STORM, effort.storm());
            // The first resume, before the JVM has compiled any of its code.
            add(scene, kind, "the first time, s", last(subject.load().run(storm)));
            Outcome outcome = subject.load().run(storm);
            add(scene, kind, ALL_BACK, last(outcome));
            Histogram returning = Outcome.decode(outcome.acknowledging());
            add(scene, kind, "half of them after, s", returning.getValueAtPercentile(50) / 1e6);
            add(scene, kind, Run.UNCLEAN, Run.unclean(outcome, scene, kind));
        }
    }

    /** Seconds until the last client has caught up. */
    private static double last(Outcome storm) {
        return Outcome.decode(storm.acknowledging()).getMaxValue() / 1e6;
    }

    /** Measures a pod as its image starts it, under load from its first moment on. */
    void cold(Kind kind) throws Exception {
        stage.prepareImage();
        try (Subject other = stage.start(kind)) {
            // Otherwise the load generator would be cold, too.
            other.load().run(coldly(other, effort.warmUp() / 2));
            other.server().close();
            long begin = System.nanoTime();
            try (Subject subject = stage.startImage(kind)) {
                add(COLD, kind, READY, (System.nanoTime() - begin) / 1e9);
                Outcome first = other.load().run(coldly(subject, COLD_SECONDS - COLD_END));
                Outcome then = other.load().run(coldly(subject, COLD_END));
                add(COLD, kind, Run.MESSAGES, (first.sent() + then.sent()) / (first.seconds() + then.seconds()));
                add(COLD, kind, Run.P99, Outcome.decode(first.acknowledging()).getValueAtPercentile(99) / 1e3);
                add(COLD, kind, AFTER, then.sent() / then.seconds());
                other.load().run(coldly(subject, effort.warmUp()));
                Outcome warm = other.load().run(coldly(subject, effort.seconds()));
                add(COLD, kind, WARM, warm.sent() / warm.seconds());
            }
        }
    }

    private static Task coldly(Subject subject, double seconds) {
        return new Task.Append(subject.where(), false, 256, seconds);
    }

    void history() throws Exception {
        try (Subject subject = stage.start(Kind.BOTH)) {
            for (int messages : effort.timelines()) {
                Outcome filled = subject.load()
                        .run(new Task.Fill(
                                subject.where(), stage.bootstrapServers(), subject.topic(), user(messages), messages));
                System.out.printf("%,d messages are in history after %.0f s%n", filled.sent(), filled.total());
                if (filled.sent() == 0) {
                    throw new IllegalStateException("%,d messages were not in history in time".formatted(messages));
                }
                pages(subject, messages);
            }
            for (int round = 0; round < 3 * effort.rounds(); round++) {
                double[] medians = new double[effort.timelines().size()];
                for (int i = 0; i < medians.length; i++) {
                    medians[i] = pages(subject, effort.timelines().get(i));
                    add(
                            HISTORY,
                            Kind.BOTH,
                            "p50 of %,d, ms".formatted(effort.timelines().get(i)),
                            medians[i]);
                }
                add(HISTORY, Kind.BOTH, LONGER, medians[medians.length - 1] / medians[0]);
            }
        }
    }

    /** Milliseconds. */
    private static double pages(Subject subject, int messages) throws Exception {
        Outcome pages = subject.load().run(new Task.Pages(subject.where(), user(messages), PAGE, PAGES));
        return Outcome.decode(pages.acknowledging()).getValueAtPercentile(50) / 1e3;
    }

    private static String user(int messages) {
        return "with-" + messages;
    }

    private void add(String scene, Kind kind, String quantity, double value) {
        figures.add(scene, kind, quantity, value);
        System.out.printf("%-55s %-25s %-32s %,12.2f%n", scene, kind.title(), quantity, value);
    }
}
