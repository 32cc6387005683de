package chatql.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;

/** The measurements: a value for each scene, kind, quantity and round. Thread-safe. */
final class Figures {
    private record Key(String scene, Kind kind, String quantity) {}

    private final Map<Key, List<Double>> values = new LinkedHashMap<>();

    synchronized void add(String scene, Kind kind, String quantity, double value) {
        values.computeIfAbsent(new Key(scene, kind, quantity), key -> new ArrayList<>())
                .add(value);
    }

    /** The median over the rounds; empty where there is no measurement. */
    synchronized OptionalDouble median(String scene, Kind kind, String quantity) {
        List<Double> rounds = values.getOrDefault(new Key(scene, kind, quantity), List.of());
        return median(rounds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    synchronized OptionalDouble total(String scene, Kind kind, String quantity) {
        List<Double> rounds = values.getOrDefault(new Key(scene, kind, quantity), List.of());
        return rounds.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        rounds.stream().mapToDouble(Double::doubleValue).sum());
    }

    /** The median of the ratios of each round's value to that of the other kind in the same round. */
    OptionalDouble ratio(String scene, Kind kind, Kind other, String quantity) {
        return compared(scene, kind, other, quantity, (mine, theirs) -> mine / theirs);
    }

    /** The median of the differences of each round's value from that of the other kind in the same round. */
    OptionalDouble above(String scene, Kind kind, Kind other, String quantity) {
        return compared(scene, kind, other, quantity, (mine, theirs) -> mine - theirs);
    }

    private synchronized OptionalDouble compared(
            String scene, Kind kind, Kind other, String quantity, DoubleBinaryOperator comparison) {
        List<Double> mine = values.getOrDefault(new Key(scene, kind, quantity), List.of());
        List<Double> theirs = values.getOrDefault(new Key(scene, other, quantity), List.of());
        double[] compared = new double[Math.min(mine.size(), theirs.size())];
        Arrays.setAll(compared, round -> comparison.applyAsDouble(mine.get(round), theirs.get(round)));
        return median(compared);
    }

    synchronized List<String> scenes() {
        return values.keySet().stream().map(Key::scene).distinct().toList();
    }

    synchronized List<String> quantities(String scene) {
        return values.keySet().stream()
                .filter(key -> key.scene().equals(scene))
                .map(Key::quantity)
                .distinct()
                .toList();
    }

    private static OptionalDouble median(double[] unsorted) {
        double[] sorted =
                Arrays.stream(unsorted).filter(Double::isFinite).sorted().toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
