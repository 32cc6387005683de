package chatql.bench;

import java.util.OptionalDouble;

/**
 * The target of one scene.
 *
 * @param unit the unit, in words
 * @param value the measurement; empty where there is none
 */
record Goal(String scene, String unit, Bound bound, double limit, OptionalDouble value) {
    enum Bound {
        AT_LEAST,
        AT_MOST
    }

    static Goal atLeast(String scene, double limit, String unit, OptionalDouble value) {
        return new Goal(scene, unit, Bound.AT_LEAST, limit, value);
    }

    static Goal atMost(String scene, double limit, String unit, OptionalDouble value) {
        return new Goal(scene, unit, Bound.AT_MOST, limit, value);
    }

    String wanted() {
        return "%s %s %s".formatted(bound == Bound.AT_LEAST ? "at least" : "at most", Report.number(limit), unit);
    }

    String verdict() {
        if (value.isEmpty()) {
            return "not measured";
        }
        double reached = value.getAsDouble();
        return (bound == Bound.AT_LEAST ? reached >= limit : reached <= limit) ? "yes" : "**no**";
    }
}
