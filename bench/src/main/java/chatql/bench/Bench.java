package chatql.bench;

import chatql.bench.report.Machine;
import chatql.bench.report.Plot.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the benchmark from the top of the repository. Its arguments are {@code quick} or {@code full}, the directory of
 * RESULTS.md, and words, separated by commas, of which a scene's title must contain one; without any, all scenes run.
 */
public final class Bench {
    /** One scene. */
    @FunctionalInterface
    private interface Scene {
        void play() throws Exception;
    }

    /** The path of another jar of the gateway, with which a change is compared. */
    private static final String OTHER = System.getProperty("bench.other", "");

    private static final List<String> TOGETHER = List.of(
            "append, 256 connections",
            "append, 256 WebSockets",
            "append by WebSocket and live",
            "chat",
            "crowd",
            "noise");

    private final String name;
    private final Effort effort;
    private final Path results;
    private final Path directory = Files.createTempDirectory("chatql-bench");
    private final long begin = System.nanoTime();
    private final Machine machine = new Machine();
    private final Figures figures = new Figures();
    private final Curves curves = new Curves();
    private final List<String> wanted;
    private final Map<Kind, List<Point>> memory = new ConcurrentHashMap<>();
    private final List<String> leftOut = new CopyOnWriteArrayList<>();
    private boolean finished;

    private Bench(String name, Path results, List<String> wanted) throws Exception {
        this.name = name;
        this.effort = Effort.of(name);
        this.results = results;
        this.wanted = wanted;
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("logback.configurationFile", "chatql/bench/quiet.xml");
        var bench = new Bench(
                arguments[0],
                Path.of(arguments[1]),
                Arrays.stream(arguments)
                        .skip(2)
                        .flatMap(words -> Arrays.stream(words.split(",")))
                        .filter(word -> !word.isBlank())
                        .toList());
        bench.run();
        System.exit(0);
    }

    private void run() throws Exception {
        System.out.println("Logs are in " + directory);
        Thread.ofPlatform().daemon().start(this::endInTime);
        try (var stage = new Stage(directory, Path.of("gateway/target/gateway.jar"), Path.of(OTHER))) {
            together(stage);
            apart(new Apart(effort, figures, memory, stage));
            finish();
        }
    }

    private void endInTime() {
        LockSupport.parkNanos(effort.end().toNanos());
        leftOut.add("everything after " + effort.end().toSeconds() + " s");
        finish();
        System.exit(0);
    }

    /** Writes the report once, with the results so far. */
    private synchronized void finish() {
        if (!finished) {
            finished = true;
            try {
                new Report(figures, curves, memory, effort.rounds()).write(results, preface());
                System.out.printf("%s and its plots, after %.0f s%n", results.resolve("RESULTS.md"), seconds());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private void apart(Apart apart) {
        for (int round = 1; round <= effort.rounds(); round++) {
            for (Kind kind : effort.apart()) {
                scene("cold, " + kind.title() + ", round " + round, () -> apart.cold(kind));
            }
        }
        for (Kind kind : effort.apart()) {
            scene("storm, " + kind.title(), () -> apart.storm(kind));
        }
        for (Kind kind : List.of(Kind.EDGE, Kind.FLOOR)) {
            scene("idle, " + kind.title(), () -> apart.idle(kind));
        }
        scene("pages of history", apart::history);
    }

    private void together(Stage stage) throws Exception {
        if (TOGETHER.stream().noneMatch(this::isWanted)) {
            return;
        }
        List<Subject> subjects = new ArrayList<>();
        try {
            for (Kind kind : Kind.values()) {
                if (kind != Kind.OTHER || !OTHER.isEmpty()) {
                    subjects.add(stage.start(kind));
                }
            }
            var run = new Run(effort, figures, curves, subjects);
            run.warmUp();
            for (int round = 1; round <= effort.rounds(); round++) {
                String of = ", round " + round;
                for (int connections : effort.connections()) {
                    scene("append, " + connections + " connections" + of, () -> run.append(false, connections));
                }
                scene("append, 256 WebSockets" + of, () -> run.append(true, 256));
                run.listen();
                scene("append and live" + of, () -> run.live(false));
                scene("append by WebSocket and live" + of, () -> run.live(true));
                scene("chat" + of, run::chat);
                scene("crowd" + of, run::crowd);
                scene("noise" + of, () -> run.noise(stage.bootstrapServers()));
            }
        } finally {
            subjects.forEach(Subject::close);
        }
    }

    /** Prints a failure and continues with the other scenes. */
    private void scene(String title, Scene scene) {
        if (!isWanted(title)) {
            return;
        }
        if (seconds() > effort.most().toSeconds()) {
            leftOut.add(title + " (no time was left)");
            return;
        }
        try {
            scene.play();
        } catch (Exception failure) {
            System.out.println(title + " failed: " + failure);
            leftOut.add(title + " (" + failure + ")");
        }
    }

    private boolean isWanted(String title) {
        return wanted.isEmpty() || wanted.stream().anyMatch(title::contains);
    }

    private double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    private String preface() {
        return """
                `./mvnw -pl bench -am -Pbench verify -Dbench=%s` on %s, of revision %s, in %.0f s. [README.md](README.md)
                says what each scene is and how to read it.

                - Machine: %s; while this ran, it was %s. The load, the broker and all servers share it.
                - Each server's JVM: `%s`. The gateway's limits were raised to `%s`.
                - %d rounds of %s s in which the kinds take turns, after %s s to warm up each.
                - Left out: %s.
                """.formatted(
                        name,
                        LocalDate.now(java.time.ZoneOffset.UTC),
                        Machine.revision(),
                        seconds(),
                        Machine.description(),
                        machine.disturbance(),
                        String.join(" ", Stage.JVM),
                        String.join(" ", Stage.LIMITS),
                        effort.rounds(),
                        Report.number(effort.seconds()),
                        Report.number(1.5 * effort.warmUp()),
                        leftOut.isEmpty() ? "nothing" : String.join("; ", leftOut));
    }
}
