package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaBroker.class)
class SlowClientIT {
    private static final int COUNT = 100_000;

    @Test
    void slowClientMissesNothingAndDelaysNoOther() {
        try (var world = new World();
                var topic = new Topic(world, Map.of())) {
            Pod pod = world.pod();
            Chat chat = pod.chat();
            try (Following slow = chat.follow("slow", "earliest");
                    Following quick = chat.follow("quick", "earliest")) {
                chat.send("1", "slow", "m0");
                slow.await(1);
                latencies(chat, quick);
                List<Long> before = latencies(chat, quick);

                slow.pause();
                IntStream.range(1, COUNT).forEach(i -> topic.send("1", "slow", "m" + i));
                topic.producer().flush();
                List<Long> meanwhile = latencies(chat, quick);
                long heap = liveHeap();
                int taken = slow.count();
                assertThat(pod.scrape().sum("chatql_subscriptions_behind")).isEqualTo(1);

                slow.readOn();
                slow.await(COUNT, Duration.ofSeconds(120));
                System.out.printf(
                        "Slow client: stopped at %d, then received all of %d late and in order; median latency of another client "
                                + "%d us before, %d us meanwhile; live heap meanwhile %d MiB%n",
                        taken, COUNT, median(before), median(meanwhile), heap >> 20);
                assertThat(taken).isLessThan(COUNT / 2);
                assertThat(pod.scrape().sum("chatql_subscriptions_lagged_total"))
                        .isPositive();
                await("the slow client to be live again")
                        .until(() -> pod.scrape().sum("chatql_subscriptions_behind") == 0);
                assertThat(slow.contents())
                        .isEqualTo(
                                IntStream.range(0, COUNT).mapToObj(i -> "m" + i).toList());
                // Ten times and a bit more is noise on a busy machine; a client that waits for another one waits for
                // seconds.
                assertThat(median(meanwhile)).isLessThan(10 * median(before) + 100_000);
            }
        }
    }

    private static List<Long> latencies(Chat chat, Following following) {
        List<Long> latencies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int expected = following.count() + 1;
            long start = System.nanoTime();
            chat.send("1", "quick", "tick");
            following.await(expected);
            latencies.add((System.nanoTime() - start) / 1_000);
        }
        return latencies;
    }

    private static long median(List<Long> latencies) {
        return latencies.stream().sorted().toList().get(latencies.size() / 2);
    }

    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
