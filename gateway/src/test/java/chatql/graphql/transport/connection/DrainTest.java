package chatql.graphql.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.RawStream;
import chatql.graphql.transport.TestServer;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

/** Closes clients' connections when the gateway shuts down. */
@Timeout(20)
class DrainTest {

    private static final RandomGenerator HALF = new RandomGenerator() {
        @Override
        public long nextLong() {
            return Long.MAX_VALUE;
        }

        @Override
        public double nextDouble() {
            return 0.5;
        }
    };

    private final List<Object> events = new ArrayList<>();

    @Test
    void drainWithoutConnectionsEndsAtOnce() throws Exception {
        CompletableFuture<Void> gone = leave(new ConnectionRegistry(), Duration.ofSeconds(20), HALF);

        gone.get(1, TimeUnit.SECONDS);
    }

    @Test
    void drainStartsByRefusingTraffic() {
        leave(new ConnectionRegistry(), Duration.ofMillis(1), HALF);

        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        AvailabilityChangeEvent.class,
                        event -> assertThat(event.getState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC));
    }

    @Test
    void drainedSocketCompletesSubscriptionsAndIsClosedWith1012() throws Exception {
        try (TestServer server = TestServer.start();
                RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("a", "subscription { silent }");
            socket.subscribe("b", "subscription { silent }");
            Awaitility.await().until(() -> server.connectionRegistry.subscriptions(Transport.WEBSOCKET) == 2);

            CompletableFuture<Void> gone = leave(server.connectionRegistry, Duration.ofMillis(200), HALF);

            assertThat(List.of(socket.message(), socket.message()))
                    .containsExactlyInAnyOrder(
                            "{\"id\":\"a\",\"type\":\"complete\"}", "{\"id\":\"b\",\"type\":\"complete\"}");
            assertThat(socket.closed()).isEqualTo("1012 Service restart");
            gone.get(5, TimeUnit.SECONDS);
            assertThat(server.schema.cancelled).hasValue(2);
        }
    }

    @Test
    void queryInFlightIsAnsweredBeforeItsSocketIsClosed() {
        try (TestServer server = TestServer.start();
                RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("q", "mutation { slow }");
            socket.send("{'type':'ping'}");
            assertThat(socket.message()).contains("pong");

            leave(server.connectionRegistry, Duration.ofMillis(10), HALF);

            assertThat(socket.message()).contains("\"next\"", "slow");
            assertThat(socket.message()).contains("\"complete\"");
            assertThat(socket.closed()).isEqualTo("1012 Service restart");
        }
    }

    @Test
    void drainWaitsForHttpQueryInFlight() throws Exception {
        try (TestServer server = TestServer.start();
                HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(request(server, "application/json", "{ slow }"), BodyHandlers.ofString());
            Awaitility.await().until(() -> server.connectionRegistry.exchanges() == 1);

            leave(server.connectionRegistry, Duration.ofSeconds(10), HALF).get(5, TimeUnit.SECONDS);

            assertThat(server.connectionRegistry.exchanges()).isZero();
            assertThat(answer.get(1, TimeUnit.SECONDS).body()).contains("slow");
        }
    }

    @Test
    void drainCompletesStream() throws Exception {
        try (TestServer server = TestServer.start();
                RawStream stream = RawStream.open(server, "subscription { silent }")) {
            Awaitility.await().until(() -> server.connectionRegistry.subscriptions(Transport.SSE) == 1);

            CompletableFuture<Void> gone = leave(server.connectionRegistry, Duration.ofMillis(100), HALF);

            assertThat(stream.lines(3)).containsExactly(":", "event: complete", "data:");
            gone.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void clientsAreDisconnectedSpreadOverDrainTime() throws Exception {
        try (TestServer server = TestServer.start()) {
            List<RawSocket> sockets = new ArrayList<>();
            for (int number = 0; number < 40; number++) {
                sockets.add(RawSocket.ready(server));
            }
            long start = System.nanoTime();

            leave(server.connectionRegistry, Duration.ofSeconds(1), RandomGenerator.getDefault());

            List<CompletableFuture<Long>> moments = sockets.stream()
                    .map(socket -> CompletableFuture.supplyAsync(
                            () -> {
                                socket.closed();
                                socket.close();
                                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                            },
                            task -> Thread.ofVirtual().start(task)))
                    .toList();
            assertThat(moments.stream()
                            .map(CompletableFuture::join)
                            .map(moment -> moment / 250)
                            .distinct())
                    .hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void newConnectionDuringDrainIs503() throws Exception {
        try (TestServer server = TestServer.start();
                RawSocket old = RawSocket.ready(server);
                HttpClient client = HttpClient.newHttpClient()) {
            leave(server.connectionRegistry, Duration.ofSeconds(2), HALF);

            HttpResponse<String> stream = client.send(request(server, "text/event-stream"), BodyHandlers.ofString());
            HttpResponse<String> query = client.send(request(server, "application/json"), BodyHandlers.ofString());
            try (RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
                assertThat(socket.head).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: ");
            }

            assertThat(stream.statusCode()).isEqualTo(503);
            assertThat(stream.headers().firstValue("Retry-After")).isPresent();
            assertThat(query.statusCode()).isEqualTo(200);
            old.subscribe("s", "subscription { silent }");
            assertThat(old.closed()).isEqualTo("1012 Service restart");
        }
    }

    @Test
    void clientThatDoesNotCloseIsDisconnected() throws Exception {
        try (TestServer server = TestServer.with(Map.of("close-grace", "1h"));
                RawSocket stubborn = RawSocket.ready(server)) {
            CompletableFuture<Void> gone = leave(server.connectionRegistry, Duration.ofMillis(10), HALF);

            gone.get(5, TimeUnit.SECONDS);
            assertThat(stubborn.closed()).startsWith("1012");
            assertThat(stubborn.endsWithin(Duration.ofSeconds(1))).isTrue();
        }
    }

    @Test
    void restartAfterDrainAcceptsTraffic() {
        Drain drain = new Drain(new ConnectionRegistry(), Duration.ofMillis(1), HALF, events::add);
        drain.start();
        drain.stop();
        Awaitility.await().until(() -> !drain.isRunning());

        drain.start();

        assertThat(drain.isRunning()).isTrue();
        assertThat(events).hasSize(2);
    }

    private CompletableFuture<Void> leave(
            ConnectionRegistry connectionRegistry, Duration time, RandomGenerator random) {
        Drain drain = new Drain(connectionRegistry, time, random, events::add);
        drain.start();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        drain.stop(() -> gone.complete(null));
        return gone;
    }

    private static HttpRequest request(TestServer server, String accept) {
        return request(server, accept, "{ hello }");
    }

    private static HttpRequest request(TestServer server, String accept, String query) {
        return HttpRequest.newBuilder(URI.create(server.url()))
                .header("Content-Type", "application/json")
                .header("Accept", accept)
                .POST(BodyPublishers.ofString("{\"query\":\"" + query + "\"}"))
                .build();
    }
}
