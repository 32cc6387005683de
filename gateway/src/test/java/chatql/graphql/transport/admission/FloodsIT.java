package chatql.graphql.transport.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.Pod;
import chatql.World;
import chatql.graphql.transport.Attacker;
import chatql.graphql.transport.Bystander;
import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.limit.Limit;
import chatql.security.Issuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Floods from one address and by one user. Meanwhile and afterwards an ordinary client is served. */
@ExtendWith(KafkaBroker.class)
@Timeout(60)
class FloodsIT {
    private static final Issuer ISSUER = new Issuer();
    private static final Duration ENDED = Duration.ofSeconds(15);
    private static final String HELLO = Attacker.operation("{ hello }");

    @TempDir
    static Path directory;

    private static World world;
    private static Pod pod;
    private static Bystander bystander;
    private static Attacker attacker;
    private final ExecutorService many = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void begin() {
        world = new World(ISSUER.settings(
                directory,
                "chatql.limits.connections-per-address=40",
                "chatql.limits.connections-per-user=30",
                "chatql.limits.connects-per-address=400",
                "chatql.limits.requests-per-address=20",
                "chatql.limits.messages-per-user=20",
                "chatql.limits.request-header-timeout=1s",
                "chatql.limits.keep-alive-timeout=1s",
                "chatql.transport.body-timeout=1s",
                "chatql.transport.init-timeout=1s",
                "chatql.transport.heartbeat=500ms",
                "chatql.transport.read-timeout=2s"));
        pod = world.pod();
        attacker = new Attacker(pod.uri().getPort(), ISSUER.bearer("eve"));
        bystander = new Bystander(pod.chat().as(ISSUER.bearer("anna", "messages:send:any")), "anna");
    }

    @AfterEach
    void connectionsCloseAndOrdinaryClientIsServed() {
        ConnectionRegistry connectionRegistry = pod.bean(ConnectionRegistry.class);
        await("the end of the attack's connections")
                .atMost(ENDED)
                .until(() -> connectionRegistry.peers().size() == 1);
        bystander.isServed();
        many.close();
    }

    @AfterAll
    static void end() {
        bystander.close();
        world.close();
    }

    @Test
    void silentConnectionsAreBoundedAndClosed() {
        double before = refused(Limit.CHANNELS);

        List<Socket> silent = at(200, i -> attacker.connect());

        served();
        assertThat(refused(Limit.CHANNELS) - before).isGreaterThanOrEqualTo(140);
        assertThat(silent).allSatisfy(socket -> assertThat(isClosed(socket)).isTrue());
    }

    @Test
    void connectionsWithEndlessHeadsAreClosed() {
        List<Boolean> cutOff = at(50, i -> dripped("POST /graphql HTTP/1.1\r\nHost: localhost\r\nX: "));

        assertThat(cutOff).containsOnly(true);
    }

    @Test
    void endlessBodiesAreAnsweredOrClosedInTime() {
        String request = attacker.request("POST /graphql", HELLO);

        List<String> answers = at(50, i -> attacker.raw(request.substring(0, request.length() - 1)));

        assertThat(answers).allMatch(answer -> answer.matches("(?s)(HTTP/1.1 (408|429).*)?"));
        assertThat(answers).anyMatch(answer -> answer.contains(" 408 "));
    }

    @Test
    void socketsOfOneAddressAreBounded() {
        List<RawSocket> sockets = at(60, i -> attacker.socket());

        served();
        assertThat(sockets.stream().filter(socket -> socket.head.contains(" 101 ")))
                .hasSizeBetween(1, 40);
        assertThat(sockets.stream().filter(socket -> socket.head.contains(" 429 ")))
                .hasSizeGreaterThanOrEqualTo(20);
        sockets.forEach(RawSocket::close);
    }

    @Test
    void socketsWithoutInitAreClosedWith4408() {
        List<String> ends = at(20, i -> {
            try (RawSocket socket = attacker.socket()) {
                return socket.closed();
            }
        });

        assertThat(ends).containsOnly("4408 Connection initialisation timeout");
    }

    @Test
    void socketsOfOneUserAreBounded() {
        List<String> answers = at(36, i -> {
            RawSocket socket = attacker.socket();
            socket.send(Attacker.init(attacker.authorization()));
            return answer(socket);
        });

        served();
        assertThat(answers)
                .filteredOn(answer -> answer.contains("connection_ack"))
                .hasSize(30);
        assertThat(answers).filteredOn(answer -> answer.startsWith("1013")).hasSize(6);
    }

    @Test
    void unreadSocketsAreDisconnected() {
        List<RawSocket> sockets = at(10, i -> {
            RawSocket socket = attacker.ready();
            socket.subscribe("1", "subscription { messages { content } }");
            return socket;
        });
        var service = pod.chat().as(ISSUER.bearer("robot", "messages:send:any"));

        for (int i = 0; i < 400; i++) {
            service.send("robot" + i, "eve", "x".repeat(16_000));
        }

        served();
        assertThat(sockets)
                .allSatisfy(socket -> assertThat(socket.endsWithin(ENDED)).isTrue());
    }

    @Test
    void floodOfUnreadPongsDisconnectsSocket() {
        // All are connected before the first begins: otherwise a busy machine would start the last ones too late.
        List<RawSocket> sockets = at(5, i -> attacker.ready());
        String ping = "{\"type\":\"ping\",\"payload\":{\"a\":\"" + "x".repeat(1_000) + "\"}}";

        List<Boolean> cutOff = at(5, i -> flooded(sockets.get(i), ping));

        assertThat(cutOff).containsOnly(true);
    }

    @Test
    void operationsOnOneSocketAreBounded() {
        try (RawSocket socket = attacker.ready()) {
            for (int i = 0; i < 1_000; i++) {
                socket.subscribe("s" + i, "subscription { messages { content } }");
            }

            served();
            long refused = IntStream.range(0, 900)
                    .filter(i -> socket.message().contains("\"type\":\"error\""))
                    .count();
            assertThat(refused).isEqualTo(900);
        }
    }

    /** Uses up a full bucket, 5 seconds' worth, and its refill; all senders continue until it is empty. */
    @Test
    void messagesOfOneUserAreRateLimited() {
        String send =
                Attacker.operation("mutation { createMessage(recipientId: \"anna2\", content: \"spam\") { success } }");

        long begun = System.nanoTime();
        List<Integer> taken = at(10, i -> {
            int times = 0;
            String answer = "";
            while (!answer.contains("RATE_LIMITED")) {
                answer = attacker.post(send);
                times += answer.contains("\"success\":true") ? 1 : 0;
            }
            return times;
        });
        double seconds = (System.nanoTime() - begun) / 1e9;

        assertThat(taken.stream().mapToInt(times -> times).sum()).isBetween(100, (int) (100 + 20 * seconds));
    }

    @Test
    void oversizedBodiesAreRejected() {
        List<String> answers = at(100, i -> attacker.post("x".repeat(1_000_000)));

        assertThat(answers).allMatch(answer -> answer.matches("(?s)(HTTP/1.1 (413|429).*)?"));
    }

    @Test
    void invalidTokensAreRejected() {
        String wrong = new Issuer().bearer("eve");

        List<String> answers = at(300, i -> attacker.post(HELLO, "Authorization: " + wrong));

        assertThat(answers).allMatch(answer -> answer.matches("(?s)(HTTP/1.1 (401|429).*)?"));
        assertThat(answers).anyMatch(answer -> answer.contains(" 401 "));
    }

    @Test
    void documentsJustWithinLimitsAreAnsweredOrRateLimited() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            fields.append(" a").append(i).append(": hello");
        }

        List<String> answers = at(300, i -> attacker.post(Attacker.operation("{" + fields + " # " + i + "\n}")));

        assertThat(answers).allMatch(answer -> answer.matches("(?s)(HTTP/1.1 (200|429).*)?"));
        assertThat(answers).anyMatch(answer -> answer.contains(" 200 "));
    }

    /** Runs the step concurrently a number of times, while the bystander is served. */
    private <T> List<T> at(int times, Function<Integer, T> attack) {
        List<CompletableFuture<T>> all = IntStream.range(0, times)
                .mapToObj(i -> CompletableFuture.supplyAsync((Supplier<T>) () -> attack.apply(i), many))
                .toList();
        served();
        return all.stream().map(CompletableFuture::join).toList();
    }

    private static void served() {
        for (int i = 0; i < 5; i++) {
            bystander.isServed();
        }
    }

    /** Sends a byte now and then until the gateway closes the connection. */
    private static boolean dripped(String beginning) {
        try (Socket socket = attacker.connect()) {
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
            await().atMost(ENDED).until(() -> !takes(socket));
            return true;
        } catch (IOException reset) {
            return true;
        }
    }

    private static boolean takes(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Sends without reading until it is disconnected. */
    private static boolean flooded(RawSocket socket, String message) {
        try (socket) {
            for (int i = 0; i < 1_000_000; i++) {
                socket.send(message);
            }
            return false;
        } catch (UncheckedIOException cutOff) {
            return true;
        }
    }

    private static String answer(RawSocket socket) {
        RawSocket.Received received = socket.receive();
        while (received.kind() == RawSocket.PING) {
            received = socket.receive();
        }
        return received.kind() == RawSocket.TEXT
                ? received.text()
                : ((received.payload()[0] & 0xFF) << 8 | received.payload()[1] & 0xFF) + "";
    }

    private static boolean isClosed(Socket socket) {
        try (socket) {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static double refused(Limit limit) {
        return pod.refused(limit);
    }
}
