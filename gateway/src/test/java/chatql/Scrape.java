package chatql;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics of a pod in Prometheus' text format, parsed as far as the gateway uses it. */
public record Scrape(List<Sample> samples, Map<String, String> types) {
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    public record Sample(String name, Map<String, String> labels, double value) {
        static Sample of(MatchResult line) {
            String labels = line.group(2) == null ? "" : line.group(2);
            return new Sample(
                    line.group(1),
                    LABEL.matcher(labels)
                            .results()
                            .collect(Collectors.toMap(
                                    one -> one.group(1), one -> one.group(2), (a, b) -> a, TreeMap::new)),
                    Double.parseDouble(line.group(3)));
        }

        boolean has(Map<String, String> wanted) {
            return labels.entrySet().containsAll(wanted.entrySet());
        }
    }

    static Scrape of(String text) {
        return new Scrape(
                read(text, SAMPLE, Sample::of).toList(),
                read(text, TYPE, Function.identity())
                        .collect(Collectors.toMap(type -> type.group(1), type -> type.group(2))));
    }

    private static <T> Stream<T> read(String text, Pattern pattern, Function<MatchResult, T> found) {
        return text.lines()
                .flatMap(line ->
                        pattern.matcher(line).results().filter(all -> all.end() == line.length() && all.start() == 0))
                .map(found);
    }

    /** The sum of all samples with this name and these labels ({@code key=value}); 0 where there is none. */
    public double sum(String name, String... labels) {
        Map<String, String> wanted =
                Arrays.stream(labels).map(label -> label.split("=")).collect(Collectors.toMap(l -> l[0], l -> l[1]));
        return samples.stream()
                .filter(sample -> sample.name().equals(name) && sample.has(wanted))
                .mapToDouble(Sample::value)
                .sum();
    }

    /** The names of all samples. */
    public Set<String> names() {
        return samples.stream().map(Sample::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The labels of this metric's samples; a histogram's bound belongs to the format. */
    public Set<String> labels(String metric) {
        return samples.stream()
                .filter(sample -> sample.name().matches(metric + "(_count|_sum|_bucket)?"))
                .flatMap(sample -> sample.labels().keySet().stream())
                .filter(label -> !label.equals("le"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names of the labels of all samples. */
    public Set<String> labels() {
        return samples.stream()
                .flatMap(sample -> sample.labels().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
