package chatql.bench;

import java.time.Duration;
import java.util.List;

/**
 * The extent of a run.
 *
 * @param rounds of each scene, in which the kinds take turns
 * @param warmUp seconds of load before anything counts, for each kind
 * @param seconds of each measurement
 * @param connections that append
 * @param subscribers of the chat
 * @param rates messages a second, ascending; a kind skips the rates after two that it could not sustain
 * @param apart the kinds that are also measured alone
 * @param idle numbers of idle subscriptions, ascending; the slope is between the first two
 * @param storm number of clients that are disconnected at once
 * @param timelines messages in the two timelines whose pages are compared
 * @param most scenes that have not begun by then are left out
 * @param end the run ends by then, whatever it is doing
 */
record Effort(
        int rounds,
        double warmUp,
        double seconds,
        List<Integer> connections,
        int subscribers,
        List<Integer> rates,
        List<Kind> apart,
        List<Integer> idle,
        int storm,
        List<Integer> timelines,
        Duration most,
        Duration end) {

    static Effort of(String name) {
        return switch (name) {
            case "quick" ->
                new Effort(
                        1,
                        3,
                        2,
                        List.of(256),
                        1_000,
                        List.of(1_000, 3_000),
                        List.of(Kind.EDGE),
                        List.of(500, 3_000),
                        1_000,
                        List.of(1_000, 30_000),
                        Duration.ofSeconds(200),
                        Duration.ofSeconds(230));
            case "full" ->
                new Effort(
                        3,
                        25,
                        4,
                        List.of(32, 256),
                        1_000,
                        List.of(1_000, 4_000, 6_000, 8_000),
                        List.of(Kind.EDGE, Kind.BOTH),
                        List.of(1_000, 10_000, 20_000),
                        5_000,
                        List.of(1_000, 1_000_000),
                        Duration.ofMinutes(25),
                        Duration.ofSeconds(1_700));
            default -> throw new IllegalArgumentException("The effort is quick or full, not " + name);
        };
    }
}
