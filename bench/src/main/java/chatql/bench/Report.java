package chatql.bench;

import static chatql.bench.Kind.BOTH;
import static chatql.bench.Kind.EDGE;
import static chatql.bench.Kind.FLOOR;

import chatql.bench.report.Plot;
import chatql.bench.report.Plot.Axis;
import chatql.bench.report.Plot.Point;
import chatql.bench.report.Plot.Scale;
import chatql.bench.report.Plot.Tick;
import chatql.bench.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** The results of a run, as a page with plots. */
final class Report {
    private static final List<Kind> KINDS = List.of(Kind.values());

    private final Figures figures;
    private final Curves curves;
    private final Map<Kind, List<Point>> memory;
    private final int rounds;

    Report(Figures figures, Curves curves, Map<Kind, List<Point>> memory, int rounds) {
        this.figures = figures;
        this.curves = curves;
        this.memory = memory;
        this.rounds = rounds;
    }

    /** Writes RESULTS.md and its plots into the directory. */
    void write(Path directory, String preface) throws IOException {
        Path plots = Files.createDirectories(directory.resolve("plots"));
        Files.writeString(plots.resolve("latency.svg"), latency());
        Files.writeString(plots.resolve("rates.svg"), rates());
        Files.writeString(plots.resolve("memory.svg"), idle());
        Files.writeString(directory.resolve("RESULTS.md"), page(preface));
    }

    private String page(String preface) {
        var page = new StringBuilder("# Benchmark results\n\n").append(preface);
        page.append("\n## Targets\n").append(goals());
        page.append("\n## Plots\n");
        page.append("![latency by percentile](plots/latency.svg)\n\n");
        page.append("![slowest hundredth by rate](plots/rates.svg)\n\n");
        page.append("![memory by subscriptions](plots/memory.svg)\n");
        page.append("\n## Scenes\nMedians of the rounds; in brackets the median of the rounds' ratios to the floor.\n");
        figures.scenes()
                .forEach(scene ->
                        page.append("\n### ").append(scene).append('\n').append(scene(scene)));
        return page.toString();
    }

    private String scene(String scene) {
        List<String> quantities = figures.quantities(scene);
        var table = new Table(Stream.concat(Stream.of(""), quantities.stream()).toList());
        for (Kind kind : KINDS) {
            List<String> cells = quantities.stream()
                    .map(quantity -> cell(scene, kind, quantity))
                    .toList();
            if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
                table.row(Stream.concat(Stream.of(kind.title()), cells.stream()).toList());
            }
        }
        return table.toString();
    }

    private String cell(String scene, Kind kind, String quantity) {
        if (quantity.equals(Run.UNCLEAN)) {
            return number(figures.total(scene, kind, quantity));
        }
        OptionalDouble ratio = figures.ratio(scene, kind, FLOOR, quantity);
        String value = number(figures.median(scene, kind, quantity));
        return kind == FLOOR || ratio.isEmpty() ? value : value + " (" + number(ratio) + ")";
    }

    private String goals() {
        var table = new Table(List.of(
                "scene",
                "of the edge alone",
                "measured",
                "reached",
                "with history in the same process",
                "of the edge's"));
        for (Goal goal : goals(EDGE)) {
            table.row(List.of(
                    goal.scene(), goal.wanted(), number(goal.value()), goal.verdict(), together(goal), ofEdges(goal)));
        }
        return table.toString();
    }

    private String together(Goal goal) {
        return number(same(goal).value());
    }

    /**
     * The ratio of each result with history in the same process to that of the edge alone: the target is at least 0.6.
     */
    private String ofEdges(Goal goal) {
        OptionalDouble both = same(goal).value();
        if (both.isEmpty() || goal.value().isEmpty() || goal.bound() == Goal.Bound.AT_MOST) {
            return "";
        }
        return number(both.getAsDouble() / goal.value().getAsDouble());
    }

    private Goal same(Goal goal) {
        return goals(BOTH).stream()
                .filter(other ->
                        other.scene().equals(goal.scene()) && other.unit().equals(goal.unit()))
                .findFirst()
                .orElse(goal);
    }

    private List<Goal> goals(Kind kind) {
        List<Goal> goals = new ArrayList<>();
        for (String scene : figures.scenes()) {
            if (scene.startsWith("append")) {
                String quantity = scene.contains("live") ? Run.DELIVERIES : Run.MESSAGES;
                goals.add(Goal.atLeast(scene, 0.6, "of the floor's " + quantity, ratio(scene, kind, quantity)));
            } else if (scene.startsWith("chat at 1,000 ")) {
                goals.add(Goal.atMost(scene, 1.5, "times the floor's p50", ratio(scene, kind, Run.P50)));
                goals.add(Goal.atMost(scene, 2, "times the floor's p99", ratio(scene, kind, Run.P99)));
            } else if (scene.startsWith("crowd")) {
                goals.add(Goal.atLeast(scene, 0.8, "of the floor's deliveries/s", ratio(scene, kind, Run.DELIVERIES)));
            } else if (scene.startsWith("noise")) {
                goals.add(Goal.atMost(
                        scene,
                        1,
                        "µs above the floor's, the fetch itself",
                        figures.above(scene, kind, FLOOR, Run.CPU_RECORD)));
            } else if (scene.startsWith(Apart.IDLE)) {
                goals.add(Goal.atMost(
                        scene, 10, "KiB of resident memory each", figures.median(scene, kind, Apart.RESIDENT)));
            } else if (scene.startsWith(Apart.STORM)) {
                goals.add(Goal.atMost(
                        scene, 5, "s until all have caught up", figures.median(scene, kind, Apart.ALL_BACK)));
                goals.add(
                        Goal.atMost(scene, 0, "lost, twice or out of order", figures.total(scene, kind, Run.UNCLEAN)));
            } else if (scene.startsWith(Apart.HISTORY)) {
                goals.add(Goal.atMost(
                        scene, 1.2, "times the short timeline's", figures.median(scene, BOTH, Apart.LONGER)));
            } else if (scene.startsWith(Apart.COLD)) {
                goals.add(Goal.atLeast(scene, 0.5, "of the warm rate after 8 s", ofWarm(kind)));
                goals.add(Goal.atMost(scene, 5, "s from start to readiness", figures.median(scene, kind, Apart.READY)));
            }
        }
        goals.add(Goal.atLeast(
                "chat, highest rate with p99 under 100 ms and nothing lost", 0.6, "of the floor's", highest(kind)));
        return goals;
    }

    private OptionalDouble ratio(String scene, Kind kind, String quantity) {
        return figures.ratio(scene, kind, FLOOR, quantity);
    }

    private OptionalDouble ofWarm(Kind kind) {
        OptionalDouble cold = figures.median(Apart.COLD, kind, Apart.AFTER);
        OptionalDouble warm = figures.median(Apart.COLD, kind, Apart.WARM);
        return cold.isPresent() && warm.isPresent()
                ? OptionalDouble.of(cold.getAsDouble() / warm.getAsDouble())
                : OptionalDouble.empty();
    }

    private OptionalDouble highest(Kind kind) {
        int floor = curves.highest(FLOOR, rounds);
        return floor == 0 ? OptionalDouble.empty() : OptionalDouble.of(curves.highest(kind, rounds) / (double) floor);
    }

    // --- plots

    private String latency() {
        double[] percentiles = {0, 50, 75, 90, 95, 99, 99.5, 99.9};
        List<Tick> across = Stream.of(0.0, 50.0, 90.0, 99.0, 99.9)
                .map(percentile -> new Tick(beyond(percentile), String.valueOf(percentile)))
                .toList();
        var plot = new Plot(
                "Chat at 1,000 messages/s: from the schedule to the client",
                new Axis("percentile of deliveries", Scale.LOGARITHMIC, across),
                new Axis("ms", Scale.LOGARITHMIC, powers(-1, 4)));
        for (Map.Entry<Kind, Histogram> times : curves.at(1_000).entrySet()) {
            plot.line(
                    times.getKey().title(),
                    DoubleStream.of(percentiles)
                            .mapToObj(percentile -> new Point(
                                    beyond(percentile), times.getValue().getValueAtPercentile(percentile) / 1e3))
                            .toList());
        }
        return plot.svg();
    }

    /** The number of deliveries of which one is beyond that percentile. */
    private static double beyond(double percentile) {
        return 100 / (100 - percentile);
    }

    private String rates() {
        List<Integer> rates = List.copyOf(curves.rates());
        var plot = new Plot(
                "Chat: the slowest hundredth, by rate",
                new Axis("messages/s", Scale.LOGARITHMIC, ticks(rates)),
                new Axis("p99, ms", Scale.LOGARITHMIC, powers(0, 4)));
        for (Kind kind : KINDS) {
            plot.line(
                    kind.title(),
                    rates.stream().flatMap(rate -> slowest(rate, kind).stream()).toList());
        }
        return plot.svg();
    }

    private Optional<Point> slowest(int rate, Kind kind) {
        return Optional.ofNullable(curves.at(rate).get(kind))
                .map(times -> new Point(rate, times.getValueAtPercentile(99) / 1e3));
    }

    private String idle() {
        double most = memory.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::y)
                .max()
                .orElse(1);
        List<Integer> open = memory.values().stream()
                .flatMap(List::stream)
                .map(point -> (int) point.x())
                .distinct()
                .sorted()
                .toList();
        double step = Math.max(50, 50 * Math.ceil(most / 250));
        List<Tick> up = IntStream.rangeClosed(0, 5)
                .mapToObj(i -> new Tick(i * step, number(i * step)))
                .toList();
        List<Tick> across = Stream.concat(Stream.of(0), open.stream())
                .map(count -> new Tick(count, number(count)))
                .toList();
        var plot = new Plot(
                "Idle subscriptions, each on its own WebSocket",
                new Axis("subscriptions", Scale.LINEAR, across),
                new Axis("resident memory after a collection, MiB", Scale.LINEAR, up));
        memory.forEach((kind, points) -> plot.line(kind.title(), points));
        return plot.svg();
    }

    private static List<Tick> ticks(List<Integer> values) {
        return values.stream().map(value -> new Tick(value, number(value))).toList();
    }

    private static List<Tick> powers(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(power -> new Tick(Math.pow(10, power), number(Math.pow(10, power))))
                .toList();
    }

    // --- text

    static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : "";
    }

    /** Rounded to three significant digits. */
    static String number(double value) {
        if (value == 0) {
            return "0";
        }
        int decimals = Math.clamp(2 - (int) Math.floor(Math.log10(Math.abs(value))), 0, 3);
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
}
