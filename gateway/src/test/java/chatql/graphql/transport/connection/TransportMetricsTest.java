package chatql.graphql.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.RawStream;
import chatql.graphql.transport.TestServer;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Meters of subscriptions, and the reasons for their end. */
@Timeout(30)
class TransportMetricsTest {

    private final TestServer server = TestServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    // --- why a subscription ends

    @Test
    void subscriptionCompletedByClientIsCountedAsClient() {
        try (RawSocket socket = RawSocket.ready(server)) {
            listen(socket, "subscription { silent }");

            socket.send("{'type':'complete','id':'s'}");

            awaitEnd("websocket", "client");
        }
    }

    @Test
    void subscriptionOfSocketClosedByClientIsCountedAsClient() {
        try (RawSocket socket = RawSocket.ready(server)) {
            listen(socket, "subscription { silent }");

            socket.frame(RawSocket.CLOSE, new byte[] {0x03, (byte) 0xE8});

            awaitEnd("websocket", "client");
        }
    }

    @Test
    void subscriptionOfBrokenConnectionIsCountedAsLost() {
        try (RawSocket socket = RawSocket.ready(server);
                RawStream stream = RawStream.open(server, "subscription { silent }")) {
            listen(socket, "subscription { silent }");
            await().until(() -> server.connectionRegistry.subscriptions(Transport.SSE) == 1);
            assertThat(stream.line()).isEqualTo(":");
        }

        awaitEnd("websocket", "lost");
        awaitEnd("sse", "lost");
    }

    @Test
    void subscriptionOfSocketClosedByGatewayIsCountedAsClosed() {
        try (RawSocket socket = RawSocket.ready(server)) {
            listen(socket, "subscription { silent }");

            socket.send("no message");

            awaitEnd("websocket", "closed");
        }
    }

    @Test
    void subscriptionEndedByShutdownIsCountedAsDrained() {
        try (RawSocket socket = RawSocket.ready(server)) {
            listen(socket, "subscription { silent }");

            server.connectionRegistry.peers().forEach(ClientConnection::leave);

            awaitEnd("websocket", "drained");
        }
    }

    @Test
    void subscriptionWithoutFurtherEventsIsCountedAsCompleted() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", "subscription { named(to: 3) }");

            awaitEnd("websocket", "completed");
            assertThat(delivered("history")).isEqualTo(3);
            assertThat(delivered("live")).isZero();
        }
    }

    @Test
    void startOfSubscriptionIsNotCountedAsDelivered() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", "subscription { started }");

            assertThat(socket.message())
                    .isEqualTo("{\"id\":\"s\",\"type\":\"next\",\"payload\":"
                            + "{\"data\":{\"started\":null},\"extensions\":{\"cursor\":\"here\"}}}");
            awaitEnd("websocket", "completed");
            assertThat(delivered("history") + delivered("live")).isZero();
        }
    }

    @Test
    void subscriptionFailingWithoutCodeIsCountedAsError() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", "subscription { failing }");

            awaitEnd("websocket", "error");
        }
    }

    @Test
    void queriesAreCountedNeitherAsSubscriptionsNorAsDelivered() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("q", "{ hello }");
            socket.message();
            socket.message();

            assertThat(server.meters.find("chatql.subscriptions.ended").counters())
                    .isEmpty();
            assertThat(started("websocket")).isZero();
            assertThat(delivered("history") + delivered("live")).isZero();
        }
    }

    private void listen(RawSocket socket, String subscription) {
        socket.subscribe("s", subscription);
        await().until(() -> server.connectionRegistry.subscriptions(Transport.WEBSOCKET) == 1);
    }

    private void awaitEnd(String transport, String reason) {
        await().until(() -> !server.meters
                .find("chatql.subscriptions.ended")
                .tag("transport", transport)
                .counters()
                .isEmpty());

        assertThat(server.meters
                        .get("chatql.subscriptions.ended")
                        .tag("transport", transport)
                        .counters())
                .singleElement()
                .satisfies(ended -> {
                    assertThat(ended.getId().getTag("reason")).isEqualTo(reason);
                    assertThat(ended.count()).isEqualTo(1).isEqualTo(started(transport));
                });
    }

    private double started(String transport) {
        return server.meters
                .get("chatql.subscriptions.started")
                .tag("transport", transport)
                .counter()
                .count();
    }

    private double delivered(String source) {
        return server.meters
                .get("chatql.messages.delivered")
                .tags("transport", "websocket", "source", source)
                .counter()
                .count();
    }

    // --- the delay of an event

    @Test
    void deliveryDelayIsMeasuredFromEventTimestamp() {
        MeterRegistry meters = new SimpleMeterRegistry();

        at(1_000, meters).delivered(970);

        assertThat(meters.get("chatql.delivery.delay").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(30);
    }

    @Test
    void eventAheadOfClockIsCountedWithZeroDelay() {
        MeterRegistry meters = new SimpleMeterRegistry();

        at(1_000, meters).delivered(1_500);

        assertThat(meters.get("chatql.delivery.delay").timer().count()).isEqualTo(1);
        assertThat(meters.get("chatql.delivery.delay").timer().totalTime(TimeUnit.MILLISECONDS))
                .isZero();
    }

    private static TransportMetrics at(long now, MeterRegistry meters) {
        return new TransportMetrics(meters, Clock.fixed(Instant.ofEpochMilli(now), ZoneOffset.UTC), Transport.SSE);
    }
}
