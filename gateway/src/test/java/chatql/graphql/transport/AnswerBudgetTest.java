package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.limit.Limit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Computed responses that are not read yet have a bound in bytes, per connection and for the pod. */
@Timeout(120)
class AnswerBudgetTest {
    private static final int SMALL = 16_384;

    /** The budget of one address, half of the whole. */
    private static final long MAX_COUNT = 1 << 20;

    /** Responses of some 200 KB, of which three fit into three quarters of the budget. */
    private static final String PAGE = "{ page(last: 50, size: 4000) { entries { content } } }";

    private static final int ANSWER = 200_000;

    private final List<AutoCloseable> open = new ArrayList<>();
    private TestServer server;

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void unreadHttpAnswersFillTheBudgetAndTheNextIs503() throws Exception {
        serving();
        RawSocket living = keep(RawSocket.ready(server));
        living.subscribe("s", "subscription { count(to: 1) }");
        List<Socket> unread = fill();
        for (int i = 0; i < 27; i++) {
            Socket socket = keep(connected(SMALL));
            unread.add(socket);
            post(socket, PAGE);
        }
        await().untilAsserted(() -> assertThat(refused()).isEqualTo(27));

        assertThat(server.budget.reserved()).isBetween(3L * ANSWER, MAX_COUNT);
        Socket next = keep(connected(0));
        post(next, PAGE);
        assertThat(read(next, "}]}"))
                .contains("HTTP/1.1 503 ", "\"code\":\"OVERLOADED\"", "Too many responses are waiting")
                .containsIgnoringCase("retry-after: 1");
        // Connected clients are served, and small work is accepted.
        assertThat(living.message()).contains("{\"data\":{\"count\":1}}");
        Socket small = keep(connected(0));
        post(small, "{ hello }");
        assertThat(read(small, "}}")).contains("HTTP/1.1 200 ");
        for (Socket socket : unread) {
            socket.close();
        }
        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
    }

    @Test
    void answerIsCountedUntilItsClientHasReadAllOfIt() throws Exception {
        serving();
        Socket socket = keep(connected(SMALL));
        post(socket, PAGE);
        await().untilAsserted(() -> assertThat(server.budget.reserved()).isGreaterThan(ANSWER));
        await().during(Duration.ofMillis(300)).until(() -> server.budget.reserved() > ANSWER);

        assertThat(read(socket, "}]}}}")).hasSizeGreaterThan(ANSWER);

        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
    }

    @Test
    void operationsOfOneSocketWaitUntilItsAnswersAreRead() {
        serving();
        RawSocket socket =
                keep(RawSocket.open(server, "graphql-transport-ws", SMALL)).initialised();
        for (int i = 0; i < 40; i++) {
            socket.subscribe("q" + i, PAGE);
        }
        await().until(() -> server.schema.pages.get() > 0);
        await().during(Duration.ofMillis(500)).until(() -> server.schema.pages.get() == 1);
        assertThat(server.budget.reserved()).isLessThan(2 * ANSWER);

        for (int i = 0; i < 40; i++) {
            assertThat(socket.message()).startsWith("{\"id\":\"q" + i + "\",\"type\":\"next\"");
            assertThat(socket.message()).isEqualTo("{\"id\":\"q" + i + "\",\"type\":\"complete\"}");
        }
        assertThat(server.schema.pages).hasValue(40);
        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
        assertThat(refused()).isZero();
    }

    @Test
    void waitingOperationsAreBoundedAndCancelled() {
        serving("max-operations", "3");
        RawSocket socket =
                keep(RawSocket.open(server, "graphql-transport-ws", SMALL)).initialised();
        for (int i = 0; i < 10; i++) {
            socket.subscribe("q" + i, PAGE);
        }
        await().until(() -> refused(Limit.MAX_OPERATIONS) >= 6);

        for (int i = 0; i < 10; i++) {
            socket.send("{'type':'complete','id':'q" + i + "'}");
        }

        await().until(() -> server.connectionRegistry.operations() == 0);
        assertThat(server.schema.pages).hasValue(1);
        socket.closeNow();
        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
    }

    @Test
    void socketGetsErrorOnOperationIdWhenPodIsOverBudget() throws Exception {
        serving();
        RawSocket socket = keep(RawSocket.ready(server));
        socket.subscribe("s", "subscription { silent }");
        fill();

        socket.subscribe("q", PAGE);

        assertThat(socket.message()).contains("\"id\":\"q\"", "\"type\":\"error\"", "\"code\":\"OVERLOADED\"");
        socket.subscribe("h", "{ hello }");
        assertThat(socket.message()).contains("\"id\":\"h\"", "\"type\":\"next\"");
        assertThat(server.connectionRegistry.subscriptions(ConnectionRegistry.Transport.WEBSOCKET))
                .isEqualTo(1);
    }

    @Test
    void streamGetsErrorWhenPodIsOverBudget() throws Exception {
        serving();
        fill();

        RawStream stream = keep(RawStream.open(server, PAGE));

        assertThat(stream.lines(5).toString()).contains("\"code\":\"OVERLOADED\"", "event: complete");
        await().until(() -> server.connectionRegistry.open(Transport.SSE) == 0);
    }

    @Test
    void unreadStreamsFillTheBudget() throws Exception {
        serving();
        for (int i = 0; i < 4; i++) {
            keep(RawStream.open(server, PAGE, SMALL));
        }

        await().until(() -> refused() == 1 && server.budget.reserved() > 3 * ANSWER);
        assertThat(server.budget.reserved()).isLessThan(MAX_COUNT);
        for (AutoCloseable stream : open.subList(1, open.size())) {
            stream.close();
        }
        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
    }

    @Test
    void waitingEventsAreCountedUntilReadOrSocketCloses() {
        serving();
        RawSocket socket =
                keep(RawSocket.open(server, "graphql-transport-ws", SMALL)).initialised();
        for (int i = 0; i < 20; i++) {
            socket.subscribe("s" + i, "subscription { text(size: 50000) }");
        }
        await().until(() -> server.budget.reserved() > 50_000);
        // Of twenty queued events, only those in the channel have their own bytes.
        await().during(Duration.ofMillis(300)).until(() -> server.budget.reserved() < 5 * 60_000);

        socket.closeNow();

        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
    }

    @Test
    void oversizedAnswerIsRejectedWithInstructions() throws Exception {
        serving();
        Socket socket = keep(connected(0));
        post(socket, "{ page(last: 1, size: 9000000) { entries { content } } }");

        assertThat(read(socket, "}]}"))
                .contains("HTTP/1.1 400 ", "A response has at most 8388608 bytes: request fewer entries");
        RawSocket webSocket = keep(RawSocket.ready(server));
        webSocket.subscribe("q", "{ page(last: 1, size: 9000000) { entries { content } } }");
        assertThat(webSocket.message()).contains("\"type\":\"error\"", "request fewer entries");
        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
    }

    @Test
    void disconnectedClientCancelsItsOperationAndFreesItsMemory() throws Exception {
        serving();
        Socket http = keep(connected(0));
        post(http, "{ never }");
        RawSocket socket = keep(RawSocket.ready(server));
        socket.subscribe("q", "{ never }");
        RawStream stream = keep(RawStream.open(server, "{ never }"));
        await().until(() -> server.connectionRegistry.operations() == 2 && server.connectionRegistry.exchanges() == 1);
        assertThat(server.budget.reserved()).isGreaterThan(3 * 2_048);

        http.close();
        socket.closeNow();
        stream.close();

        await().untilAsserted(() -> assertThat(server.schema.abandoned).hasValue(3));
        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
    }

    @Test
    void incompleteBodiesAreCounted() throws Exception {
        serving();
        Socket socket = keep(connected(0));
        write(
                socket,
                "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n{");
        await().until(() -> server.budget.reserved() == 200_000);

        socket.close();

        await().untilAsserted(() -> assertThat(server.budget.reserved()).isZero());
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    /** Sends requests and does not read the responses: each counts as its estimate until it is written. */
    private List<Socket> fill() throws IOException {
        List<Socket> unread = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Socket socket = keep(connected(SMALL));
            unread.add(socket);
            post(socket, PAGE);
            long full = (long) i * ANSWER;
            await().until(() -> server.connectionRegistry.exchanges() == 0 && server.budget.reserved() > full);
        }
        return unread;
    }

    private void serving(String... settings) {
        server = keep(TestServer.with(Map.of("answers", "2MB", "send-buffer", "4KB"), settings));
    }

    private double refused() {
        return refused(Limit.ANSWER_BYTES);
    }

    private double refused(Limit limit) {
        return server.refused(limit);
    }

    private Socket connected(int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress("localhost", server.port()));
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void post(Socket socket, String query) throws IOException {
        String body = "{\"query\":\"" + query + "\"}";
        write(
                socket,
                "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept:"
                        + " application/graphql-response+json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** Reads until the response ends with that text. */
    private static String read(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] some = new byte[65_536];
        while (!text.substring(Math.max(0, text.length() - end.length())).equals(end)) {
            int count = socket.getInputStream().read(some);
            text.append(new String(some, 0, count, StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }
}
