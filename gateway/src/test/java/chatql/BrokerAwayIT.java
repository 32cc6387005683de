package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@ExtendWith(KafkaBroker.class)
class BrokerAwayIT {
    @TempDir
    Path directory;

    @Test
    void mutationsWithoutBrokerFailAtSameDeadlineAndAreNotStored() {
        EmbeddedKafka broker = EmbeddedKafka.start(directory);
        String address = broker.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (var world = new World("spring.kafka.bootstrap-servers=" + address)) {
            Pod pod = world.pod();
            broker.close();
            long begin = System.nanoTime();
            List<CompletableFuture<Duration>> refused = IntStream.range(0, 4)
                    .mapToObj(i -> pod.chat()
                            .createMessageAsync(
                                    Map.of("senderId", "1", "recipientId", "never", "content", "meanwhile " + i))
                            .thenApply(answer -> {
                                assertThat(answer.get("success").booleanValue()).isFalse();
                                return Duration.ofNanos(System.nanoTime() - begin);
                            }))
                    .toList();
            List<Duration> took = refused.stream().map(CompletableFuture::join).toList();
            System.out.println("Mutations without a broker were rejected after " + took);

            assertThat(took)
                    .allSatisfy(one -> assertThat(one).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(12)));
            broker = EmbeddedKafka.start(directory, port);
            await().atMost(Duration.ofSeconds(60)).until(pod::isReady);
            try (Following following = pod.chat().follow("never", "earliest")) {
                await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                    pod.chat().send("1", "never", "after");
                    return true;
                });
                await().atMost(Duration.ofSeconds(60)).until(() -> following.count() > 0);

                assertThat(following.contents().getFirst()).isEqualTo("after");
            }
        } finally {
            broker.close();
        }
    }

    @Test
    void podStoppedWithItsBrokerExitsWithinSeconds() throws Exception {
        EmbeddedKafka broker = EmbeddedKafka.start(directory);
        try (var world = new World("spring.kafka.bootstrap-servers=" + broker.bootstrapServers());
                var pod = new PodProcess(world, "stopped", List.of(), Duration.ofMinutes(5))) {
            try (Following following = pod.chat().follow("2", "earliest")) {
                pod.chat().send("1", "2", "hello");
                following.await(1);
            }
            broker.close();
            // Pending when the pod is told to stop.
            pod.chat().createMessageAsync(Map.of("senderId", "1", "recipientId", "2", "content", "late"));

            Duration took = pod.terminate(Duration.ofSeconds(60));
            System.out.println("A pod that was stopped together with its broker had exited after " + took);
            assertThat(took).isLessThan(Duration.ofSeconds(10));
        } finally {
            broker.close();
        }
    }

    @Test
    void subscriptionSurvivesBrokerOutageWithoutGap() {
        EmbeddedKafka broker = EmbeddedKafka.start(directory);
        String address = broker.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (var world = new World("spring.kafka.bootstrap-servers=" + address)) {
            Pod pod = world.pod();
            try (Following following = pod.chat().follow("2", "earliest")) {
                pod.chat().send("1", "2", "before");
                following.await(1);

                broker.close();
                await().atMost(Duration.ofSeconds(30)).until(() -> !pod.isReady());
                JsonNode refused =
                        pod.chat().createMessage(Map.of("senderId", "1", "recipientId", "2", "content", "meanwhile"));
                assertThat(refused.get("success").booleanValue()).isFalse();
                assertThat(refused.get("errors").get(0).stringValue()).contains("could not be stored");

                broker = EmbeddedKafka.start(directory, port);
                await().atMost(Duration.ofSeconds(60)).until(pod::isReady);
                pod.chat().send("1", "2", "after");
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> following.contents().contains("after"));

                // "meanwhile" timed out before the broker was back, so it is not stored.
                assertThat(following.contents()).containsExactly("before", "after");
                assertThat(following.end()).isNull();
                assertThat(following.closed()).isNull();
            }
        } finally {
            broker.close();
        }
    }
}
