package chatql.bench;

import java.time.Duration;
import java.util.List;

/**
 * How much a run does.
 *
 * @param rounds of each scene, in which the kinds take turns
 * @param warmUp seconds of load before anything counts, for each kind
 * @param seconds of each measurement
 * @param subscribers of the chat
 * @param rates messages a second, ascending; a kind is spared those that come after two that were too much for it
 * @param idle how many idle subscriptions are opened, ascending; the slope is between the first two
 * @param storm how many clients are cut off at once
 * @param timelines messages in the two timelines whose pages are compared
 * @param most what isn't begun by then is left out
 */
record Effort(
        int rounds,
        double warmUp,
        double seconds,
        int subscribers,
        List<Integer> rates,
        List<Integer> idle,
        int storm,
        List<Integer> timelines,
        Duration most) {

    static Effort of(String name) {
        return switch (name) {
            case "quick" ->
                new Effort(
                        1,
                        3,
                        2,
                        1_000,
                        List.of(1_000, 3_000),
                        List.of(500, 3_000),
                        1_000,
                        List.of(1_000, 30_000),
                        Duration.ofMinutes(3));
            case "full" ->
                new Effort(
                        3,
                        15,
                        5,
                        1_000,
                        List.of(100, 500, 1_000, 2_000, 4_000, 6_000, 8_000),
                        List.of(1_000, 10_000, 20_000),
                        5_000,
                        List.of(1_000, 1_000_000),
                        Duration.ofMinutes(17));
            default -> throw new IllegalArgumentException("It is quick or full, not " + name);
        };
    }
}
