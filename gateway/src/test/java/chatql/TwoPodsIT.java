package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaBroker.class)
class TwoPodsIT {
    private static final int CLIENTS = 500;
    private static final int ROUNDS = 6;

    @Test
    void clientsOfPodThatShutsDownContinueOnTheOther() {
        try (var world = new World("chatql.transport.drain-timeout=2s");
                var topic = new Topic(world, Map.of())) {
            Pod leaving = world.pod();
            Pod staying = world.pod();

            follow(topic, leaving.chat(), staying.chat(), leaving::close, true);
        }
    }

    @Test
    void clientsOfKilledPodContinueOnTheOther() throws Exception {
        try (var world = new World();
                var topic = new Topic(world, Map.of());
                var killed = new PodProcess(world, "killed")) {
            Pod staying = world.pod();

            follow(topic, killed.chat(), staying.chat(), killed::kill, false);
        }
    }

    /**
     * Clients subscribe on one pod while messages are sent, the pod ends, and they resume on the other with their last
     * cursor.
     */
    private static void follow(Topic topic, Chat first, Chat second, Runnable end, boolean completed) {
        List<Following> before = IntStream.range(0, CLIENTS)
                .mapToObj(i -> first.follow(user(i), "earliest"))
                .toList();
        IntStream.range(0, ROUNDS / 2).forEach(round -> say(topic, round));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> before.stream().allMatch(following -> following.count() >= ROUNDS / 2));
        CompletableFuture<Void> saying = CompletableFuture.runAsync(
                () -> IntStream.range(ROUNDS / 2, ROUNDS).forEach(round -> say(topic, round)));
        end.run();
        await().atMost(Duration.ofSeconds(30)).until(() -> before.stream().allMatch(one -> one.closed() != null));
        long gone = System.nanoTime();

        List<Following> after = IntStream.range(0, CLIENTS)
                .mapToObj(i -> second.follow(user(i), before.get(i).cursor("earliest")))
                .toList();
        saying.join();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> IntStream.range(0, CLIENTS)
                        .allMatch(i -> before.get(i).count() + after.get(i).count() >= ROUNDS));
        long took = (System.nanoTime() - gone) / 1_000_000;

        int lost = 0;
        int twice = 0;
        for (int i = 0; i < CLIENTS; i++) {
            List<String> got = Stream.concat(before.get(i).contents().stream(), after.get(i).contents().stream())
                    .toList();
            lost += (int) (ROUNDS - got.stream().distinct().count());
            twice += (int) (got.size() - got.stream().distinct().count());
            assertThat(got)
                    .isEqualTo(IntStream.range(0, ROUNDS)
                            .mapToObj(round -> "m" + round)
                            .toList());
        }
        System.out.printf(
                "A pod %s: %d clients, %d messages, %d lost, %d twice; all delivered %d ms after the last WebSocket had closed%n",
                completed ? "shut down" : "was killed", CLIENTS, CLIENTS * ROUNDS, lost, twice, took);
        if (completed) {
            assertThat(before)
                    .allSatisfy(one ->
                            assertThat(one.end().get("type").stringValue()).isEqualTo("complete"));
            assertThat(before).allSatisfy(one -> assertThat(one.closed()).isEqualTo(1012));
        }
        after.forEach(Following::close);
        before.forEach(Following::close);
    }

    private static String user(int i) {
        return "follower-" + i;
    }

    private static void say(Topic topic, int round) {
        IntStream.range(0, CLIENTS).forEach(i -> topic.send("speaker", user(i), "m" + round));
        topic.producer().flush();
    }
}
