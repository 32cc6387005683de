package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that does not read affects neither its own other operations nor other clients. */
@Timeout(30)
class SlowClientTest {

    private static final int SMALL = 16_384;

    @Test
    void clientThatDoesNotReadStopsItsSubscriptionsDemand() {
        try (TestServer server = TestServer.start();
                RawSocket unread = small(server)) {
            unread.subscribe("s", "subscription { text(size: 10000) }");

            // 64 KiB here, 128 KiB doubled by the kernel in its send buffer, and the receive buffer of the client's
            // kernel.
            Awaitility.await().until(() -> server.schema.requested.get() > 3);
            Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .until(server.schema.requested::get, demand -> demand < 100);
        }
    }

    @Test
    void clientThatDoesNotReadDoesNotDelayAnother() {
        try (TestServer server = TestServer.start();
                RawSocket unread = small(server);
                RawSocket reading = RawSocket.ready(server)) {
            for (int number = 0; number < 50; number++) {
                unread.subscribe("s" + number, "subscription { text(size: 10000) }");
            }
            Awaitility.await().until(() -> server.schema.requested.get() > 8);

            long start = System.nanoTime();
            for (int number = 0; number < 200; number++) {
                reading.subscribe("q", "{ hello }");
                assertThat(reading.message()).contains("\"next\"");
                assertThat(reading.message()).contains("\"complete\"");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void clientThatPausesReadingMissesNothing() {
        try (TestServer server = TestServer.start();
                RawSocket slow = small(server)) {
            slow.subscribe("s", "subscription { count(to: 8000) }");
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .until(() -> server.connectionRegistry.open(Transport.WEBSOCKET) == 1);

            for (int number = 1; number <= 8_000; number++) {
                assertThat(slow.message()).endsWith("{\"data\":{\"count\":" + number + "}}}");
            }
            assertThat(slow.message()).contains("\"complete\"");
        }
    }

    @Test
    void eventsLargerThanHighWaterMarkAreSentWithoutDelay() {
        try (TestServer server = TestServer.start();
                RawSocket reading = RawSocket.ready(server)) {
            reading.subscribe("s", "subscription { text(size: 300000) }");

            long start = System.nanoTime();
            for (int number = 0; number < 200; number++) {
                assertThat(reading.message()).hasSizeGreaterThan(300_000);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void pongWaitsBehindBoundedBuffersOnly() {
        try (TestServer server = TestServer.start();
                RawSocket slow = small(server)) {
            slow.subscribe("s", "subscription { text(size: 10000) }");
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .until(server.schema.requested::get, demand -> demand > 3 && demand < 100);
            slow.send("{'type':'ping'}");

            int before = 0;
            while (!slow.message().equals("{\"type\":\"pong\"}")) {
                before++;
            }
            assertThat(before * 10_000).isLessThan(1_000_000);
        }
    }

    @Test
    void operationsOfOneSocketTakeTurns() {
        Map<String, Integer> events = new HashMap<>();
        try (TestServer server = TestServer.start();
                RawSocket socket = small(server)) {
            for (int number = 0; number < 5; number++) {
                socket.subscribe("s" + number, "subscription { text(size: 1000) }");
            }
            for (int number = 0; number < 1_000; number++) {
                events.merge(socket.message().substring(0, 9), 1, Integer::sum);
            }
        }
        assertThat(events).hasSize(5);
        assertThat(events.values()).allSatisfy(count -> assertThat(count).isBetween(100, 400));
    }

    @Test
    void slowReaderStaysConnectedWithoutPongs() {
        try (TestServer server = TestServer.with(Map.of("heartbeat", "100ms", "read-timeout", "500ms"));
                RawSocket slow = small(server)) {
            slow.subscribe("s", "subscription { text(size: 10000) }");
            long end = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
            while (System.nanoTime() < end) {
                for (int frame = 0; frame < 5; frame++) {
                    slow.receive();
                }
            }

            assertThat(server.connectionRegistry.open(Transport.WEBSOCKET)).isEqualTo(1);
        }
    }

    @Test
    void clientThatReadsNothingIsDisconnected() {
        try (TestServer server = TestServer.with(Map.of("heartbeat", "100ms", "read-timeout", "500ms"));
                RawSocket unread = small(server)) {
            unread.subscribe("s", "subscription { text(size: 10000) }");

            Awaitility.await().until(() -> server.connectionRegistry.open(Transport.WEBSOCKET) == 0);
            assertThat(server.schema.cancelled).hasValue(1);
        }
    }

    private static RawSocket small(TestServer server) {
        return RawSocket.open(server, "graphql-transport-ws", SMALL).initialised();
    }
}
