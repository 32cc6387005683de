package chatql.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A line plot, as a self-contained SVG. */
public final class Plot {
    /** The scale of an axis. */
    public enum Scale {
        LINEAR,
        LOGARITHMIC;

        private double place(double value) {
            return switch (this) {
                case LINEAR -> value;
                case LOGARITHMIC -> Math.log10(Math.max(value, 1e-9));
            };
        }
    }

    public record Point(double x, double y) {}

    /** A mark on an axis. */
    public record Tick(double value, String text) {}

    public record Axis(String title, Scale scale, List<Tick> ticks) {
        public Axis {
            ticks = List.copyOf(ticks);
        }

        private double share(double value) {
            double from = scale.place(ticks.getFirst().value());
            double to = scale.place(ticks.getLast().value());
            return Math.clamp((scale.place(value) - from) / (to - from), 0, 1);
        }
    }

    private record Line(String name, List<Point> points) {}

    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 80;
    private static final int RIGHT = 200;
    private static final int TOP = 52;
    private static final int BOTTOM = 60;
    private static final String GRID = "#dddddd";
    private static final List<String> COLOURS = List.of("#4c78a8", "#e45756", "#54a24b", "#b279a2", "#f58518");

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Line> lines = new ArrayList<>();

    public Plot(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
    }

    public Plot line(String name, List<Point> points) {
        lines.add(new Line(name, List.copyOf(points)));
        return this;
    }

    /** The complete file. */
    public String svg() {
        var svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.append(text(LEFT, TOP - 32, "start", title));
        x.ticks().forEach(tick -> svg.append(vertical(tick)));
        y.ticks().forEach(tick -> svg.append(horizontal(tick)));
        svg.append(text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", x.title()));
        svg.append(text(8, TOP - 14, "start", y.title()));
        for (int i = 0; i < lines.size(); i++) {
            svg.append(drawn(lines.get(i), COLOURS.get(i % COLOURS.size()), TOP + 10 + 20 * i));
        }
        return svg.append("</svg>\n").toString();
    }

    private String drawn(Line line, String colour, double key) {
        String points = line.points().stream()
                .map(point -> coordinate(across(point.x())) + "," + coordinate(up(point.y())))
                .collect(Collectors.joining(" "));
        return "<polyline points=\"" + points + "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"2\"/>\n"
                + stroke(WIDTH - RIGHT + 14, key, WIDTH - RIGHT + 34, key, colour)
                + text(WIDTH - RIGHT + 40, key + 4, "start", line.name());
    }

    private String vertical(Tick tick) {
        double at = across(tick.value());
        return stroke(at, TOP, at, HEIGHT - BOTTOM, GRID) + text(at, HEIGHT - BOTTOM + 18, "middle", tick.text());
    }

    private String horizontal(Tick tick) {
        double at = up(tick.value());
        return stroke(LEFT, at, WIDTH - RIGHT, at, GRID) + text(LEFT - 8, at + 4, "end", tick.text());
    }

    private double across(double value) {
        return LEFT + x.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private double up(double value) {
        return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String stroke(double x1, double y1, double x2, double y2, String colour) {
        return "<line x1=\"" + coordinate(x1) + "\" y1=\"" + coordinate(y1) + "\" x2=\"" + coordinate(x2) + "\" y2=\""
                + coordinate(y2) + "\" stroke=\"" + colour + "\"/>\n";
    }

    private static String text(double x, double y, String anchor, String text) {
        return "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" text-anchor=\"" + anchor + "\">"
                + escaped(text) + "</text>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
