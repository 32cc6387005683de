package chatql.bench;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;

/** Delivery times at each rate over all rounds, and the rates that each kind sustained. Thread-safe. */
final class Curves {
    private final Map<Integer, Map<Kind, Histogram>> times = new TreeMap<>();
    private final Map<Kind, Map<Integer, Integer>> kept = new EnumMap<>(Kind.class);

    synchronized void add(int rate, Kind kind, Histogram micros) {
        times.computeIfAbsent(rate, first -> new EnumMap<>(Kind.class))
                .computeIfAbsent(kind, first -> new Histogram(3))
                .add(micros);
    }

    /** Counts a round in which the kind sustained that rate. */
    synchronized void kept(int rate, Kind kind) {
        kept.computeIfAbsent(kind, first -> new TreeMap<>()).merge(rate, 1, Integer::sum);
    }

    synchronized Set<Integer> rates() {
        return new TreeSet<>(times.keySet());
    }

    /** Microseconds, by kind. */
    synchronized Map<Kind, Histogram> at(int rate) {
        return times.getOrDefault(rate, Map.of());
    }

    /** The highest rate that the kind sustained in most of the rounds; 0 where there was none. */
    synchronized int highest(Kind kind, int rounds) {
        return kept.getOrDefault(kind, Map.of()).entrySet().stream()
                .filter(rate -> 2 * rate.getValue() > rounds)
                .mapToInt(Map.Entry::getKey)
                .max()
                .orElse(0);
    }
}
