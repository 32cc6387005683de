package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SIGTERM to a pod with both roles, as {@code java -jar} runs it. */
@ExtendWith(KafkaBroker.class)
class DrainIT {
    private static final int SOCKETS = 100;
    private static final int DRAIN_SECONDS = 10;
    private static final int QUARTERS = 4;

    @Test
    void podWithBothRolesSpreadsItsSocketsOverTheDrain() throws Exception {
        try (var world = new World("chatql.transport.drain-timeout=" + DRAIN_SECONDS + "s");
                var pod = new PodProcess(world, "both")) {
            Chat chat = pod.chat();
            List<Following> sockets = IntStream.range(0, SOCKETS)
                    .mapToObj(i -> chat.follow("user" + i, "earliest"))
                    .toList();
            IntStream.range(0, SOCKETS).forEach(i -> chat.send("anna", "user" + i, "hello"));
            sockets.forEach(socket -> socket.await(1));

            long begin = System.nanoTime();
            CompletableFuture<Integer> exit = pod.terminate();
            // Readiness fails first, and with it changes the flag that responses follow.
            await("a response that closes its connection")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> "close".equals(connection(chat.uri())));
            int answered = 0;
            for (Following socket : sockets) {
                if (socket.closed() == null) {
                    chat.send("anna", "late", "served while the pod drains");
                    answered++;
                }
            }
            await("the close of every WebSocket")
                    .atMost(Duration.ofSeconds(DRAIN_SECONDS + 5))
                    .until(() -> sockets.stream().allMatch(socket -> socket.closed() != null));

            assertThat(sockets).extracting(Following::closed).containsOnly(1012);
            assertThat(answered).isPositive();
            int[] spread = new int[QUARTERS];
            for (Following socket : sockets) {
                long quarter = (socket.closedAt() - begin) * QUARTERS / TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
                spread[(int) Math.min(quarter, QUARTERS - 1)]++;
            }
            // 25 are expected in each; fewer than 7 occur once in a hundred thousand runs.
            assertThat(Arrays.stream(spread).boxed())
                    .allSatisfy(closed -> assertThat(closed).isBetween(7, 55));
            assertThat(exit.get(15, TimeUnit.SECONDS)).isEqualTo(143);
            assertThat(pod.logged()).doesNotContain("onErrorDropped", "event executor terminated", " ERROR ");
        }
    }

    private static String connection(URI uri) throws Exception {
        HttpRequest hello = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{ hello }\"}", StandardCharsets.UTF_8))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(hello, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.headers().firstValue("connection").orElse("");
        }
    }
}
