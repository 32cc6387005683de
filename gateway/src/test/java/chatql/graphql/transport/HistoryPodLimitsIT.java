package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.Pod;
import chatql.Topic;
import chatql.World;
import chatql.limit.Limit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A history pod limits connections as an edge pod does. */
@ExtendWith(KafkaBroker.class)
@Timeout(60)
class HistoryPodLimitsIT {
    private static final int OF_ADDRESS = 30;
    private static final Duration ENDED = Duration.ofSeconds(15);
    private static final String NAME = "{\"name\":\"anna\",\"offset\":-1}";

    private static World world;
    private static Pod pod;
    private static Attacker attacker;

    @BeforeAll
    static void begin() {
        world = new World(
                "chatql.roles=history",
                "chatql.limits.connections-per-address=20",
                "chatql.limits.requests-per-address=" + (OF_ADDRESS - 20),
                "chatql.limits.request-header-timeout=1s",
                "chatql.transport.body-timeout=1s",
                "chatql.transport.read-timeout=1s");
        pod = world.pod();
        attacker = new Attacker(pod.uri().getPort(), null);
    }

    @AfterEach
    void othersAreServed() throws IOException {
        try (Socket other = new Socket()) {
            other.bind(new InetSocketAddress("127.0.0.67", 0));
            other.connect(new InetSocketAddress("127.0.0.1", pod.uri().getPort()));
            other.setSoTimeout(10_000);
            send(other, request("any/name", NAME));
            assertThat(status(other)).isEqualTo("HTTP/1.1 200");
        }
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void connectionsOfOneAddressAreBounded() throws IOException {
        double before = refused(Limit.CHANNELS);
        double late = refused(Limit.REQUEST_HEADER_TIMEOUT);

        List<Socket> silent = IntStream.range(0, OF_ADDRESS + 10)
                .mapToObj(i -> attacker.connect())
                .toList();

        await().untilAsserted(() -> assertThat(refused(Limit.CHANNELS) - before).isGreaterThanOrEqualTo(10));
        othersAreServed();
        for (Socket socket : silent) {
            assertThat(isClosed(socket)).isTrue();
        }
        assertThat(refused(Limit.CHANNELS) - before + refused(Limit.REQUEST_HEADER_TIMEOUT) - late)
                .isEqualTo(OF_ADDRESS + 10);
        try (Socket next = attacker.connect()) {
            send(next, request("any/name", NAME));
            assertThat(status(next)).isEqualTo("HTTP/1.1 200");
        }
    }

    @Test
    void incompleteBodyIsAnsweredOrClosedInTime() throws IOException {
        double closed = refused(Limit.BODY_TIMEOUT);
        long begun = System.nanoTime();
        try (Socket question = attacker.connect();
                Socket unknown = attacker.connect()) {
            send(question, request("any/name", NAME).substring(0, 120));
            send(unknown, request("any/none", NAME).substring(0, 120));

            assertThat(status(question)).isEqualTo("HTTP/1.1 408");
            assertThat(status(unknown)).isEqualTo("HTTP/1.1 404");
            assertThat(isClosed(unknown)).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        assertThat(refused(Limit.BODY_TIMEOUT) - closed).isEqualTo(1);
    }

    @Test
    void unreadAnswerClosesConnection() throws Exception {
        try (var topic = new Topic(world, Map.of())) {
            for (int i = 0; i < 500; i++) {
                topic.send("ben", "anna", "x".repeat(8_000)).get();
            }
        }
        String page = "{\"user\":\"anna\",\"size\":500,\"latest\":true,\"written\":{}}";
        await().atMost(ENDED)
                .untilAsserted(() -> assertThat(attacker.raw(closing("any/timeline", page)))
                        .startsWith("HTTP/1.1 200 ")
                        .hasSizeGreaterThan(2_000_000));
        double before = refused(Limit.KEEP_ALIVE_TIMEOUT);

        try (Socket unread = attacker.connect(16_384)) {
            send(unread, request("any/timeline", page));

            await().atMost(ENDED)
                    .untilAsserted(() -> assertThat(refused(Limit.KEEP_ALIVE_TIMEOUT) - before)
                            .isEqualTo(1));
            assertThat(received(unread)).isLessThan(2_000_000);
        }
    }

    @Test
    void pipelinedRequestsAreBounded() throws IOException {
        String later = "{\"name\":\"anna\",\"offset\":1000000}";
        double before = refused(Limit.PIPELINED);
        try (Socket socket = attacker.connect()) {
            send(socket, request("any/name", later));
            try {
                // Large, because Reactor Netty stops reading once 32 parts of requests are queued.
                send(socket, request("any/name", NAME + " ".repeat(40_000)).repeat(4));
            } catch (java.net.SocketException closed) {
                // While the client still sends.
            }

            assertThat(isClosed(socket)).isTrue();
        }
        assertThat(refused(Limit.PIPELINED) - before).isEqualTo(1);
    }

    private static String request(String path, String body) {
        return "POST /peer/" + path
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private static String closing(String path, String body) {
        return request(path, body).replace("Host:", "Connection: close\r\nHost:");
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            received(socket);
            return true;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        }
    }

    /** Reads until the connection ends. */
    private static int received(Socket socket) throws IOException {
        int count = 0;
        try {
            while (socket.getInputStream().read() >= 0) {
                count++;
            }
        } catch (java.net.SocketException reset) {
            // The bytes before that count.
        }
        return count;
    }

    private static double refused(Limit limit) {
        return pod.refused(limit);
    }
}
