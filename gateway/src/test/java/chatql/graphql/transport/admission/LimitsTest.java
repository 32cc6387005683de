package chatql.graphql.transport.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.graphql.transport.FakeAuthenticator;
import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.RawStream;
import chatql.graphql.transport.TestServer;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import chatql.limit.Limit;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each limit rejects with its own message, is counted, and does not affect other clients. */
@Timeout(20)
class LimitsTest {
    private static final String PROTOCOL = "graphql-transport-ws";
    private static final String GET =
            "GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
    private static final String HELLO = "{\"query\":\"{ hello }\"}";

    private final List<AutoCloseable> open = new ArrayList<>();
    private TestServer server;

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    // --- connections

    @Test
    void connectionBeyondTotalLimitIs503AndOpenOnesStay() throws Exception {
        serving("limits.connections", "2");
        RawSocket inside = keep(RawSocket.open(server, PROTOCOL));
        RawStream stream = keep(RawStream.open(server, "subscription { silent }"));

        RawSocket outside = keep(RawSocket.open(server, PROTOCOL));

        assertThat(outside.head).contains(" 503 ").containsIgnoringCase("Retry-After: 1");
        assertThat(RawStream.open(server, "subscription { silent }").head.getFirst())
                .contains(" 503 ");
        assertThat(refused(Limit.CONNECTIONS)).isEqualTo(2);
        inside.initialised();
        assertThat(stream.head.getFirst()).contains(" 200 ");
    }

    @Test
    void closedConnectionReleasesItsPermit() throws Exception {
        serving("limits.connections", "1");
        for (int i = 0; i < 5; i++) {
            RawSocket.open(server, PROTOCOL).initialised().close();
            await().until(() -> server.connectionRegistry.open(Transport.WEBSOCKET) == 0);
            RawStream stream = RawStream.open(server, "subscription { silent }");
            assertThat(stream.head.getFirst()).contains(" 200 ");
            stream.close();
            await().until(() -> server.connectionRegistry.open(Transport.SSE) == 0);
        }

        assertThat(refused(Limit.CONNECTIONS)).isZero();
    }

    @Test
    void connectionsOfOneAddressAreBounded() {
        serving("limits.connections-per-address", "2", "limits.proxies", "1");
        keep(RawStream.open(server, "subscription { silent }", "X-Forwarded-For: 1.1.1.1"));
        keep(RawStream.open(server, "subscription { silent }", "X-Forwarded-For: 1.1.1.1"));

        RawStream third = keep(RawStream.open(server, "subscription { silent }", "X-Forwarded-For: 1.1.1.1"));

        assertThat(third.head.getFirst()).contains(" 429 ");
        assertThat(String.join("\n", third.head)).containsIgnoringCase("Retry-After: 1");
        RawStream another = keep(RawStream.open(server, "subscription { silent }", "X-Forwarded-For: 2.2.2.2"));
        assertThat(another.head.getFirst()).contains(" 200 ");
        assertThat(refused(Limit.CONNECTIONS_PER_ADDRESS)).isEqualTo(1);
    }

    @Test
    void connectionRateOfOneAddressIsBounded() {
        serving("limits.connects-per-address", "1", "limits.connections-per-address", "3");
        List<String> heads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RawSocket socket = RawSocket.open(server, PROTOCOL);
            heads.add(socket.head.lines().findFirst().orElseThrow());
            socket.close();
            await().until(() -> server.connectionRegistry.open(Transport.WEBSOCKET) == 0);
        }

        assertThat(heads.subList(0, 3)).allMatch(head -> head.contains(" 101 "));
        assertThat(heads.getLast()).contains(" 429 ");
        assertThat(refused(Limit.CONNECTS_PER_ADDRESS)).isPositive();
    }

    @Test
    void connectionsOfOneUserAreBoundedOverAllTransports() throws Exception {
        FakeAuthenticator fakeAuthenticator = new FakeAuthenticator();
        fakeAuthenticator.know("anna", "anna", Duration.ofMinutes(1));
        fakeAuthenticator.know("bert", "bert", Duration.ofMinutes(1));
        server = keep(TestServer.behind(fakeAuthenticator, Map.of("limits.connections-per-user", "2")));
        init("anna");
        RawStream second = stream("anna");

        RawSocket third = keep(RawSocket.open(server, PROTOCOL));
        third.send("{'type':'connection_init','payload':{'authorization':'Bearer anna'}}");

        assertThat(third.closed()).isEqualTo("1013 Too many connections of this user");
        assertThat(stream("anna").head.getFirst()).contains(" 429 ");
        assertThat(refused(Limit.CONNECTIONS_PER_USER)).isEqualTo(2);
        init("bert");
        second.close();
        await().until(() -> server.connectionRegistry.open(Transport.SSE) == 0);
        init("anna");
    }

    @Test
    void connectionWithoutRequestIsClosedInTime() throws Exception {
        serving("limits.request-header-timeout", "300ms");
        try (Socket silent = new Socket("localhost", server.port());
                Socket dripping = new Socket("localhost", server.port())) {
            drip(dripping, "GET /graphql HTTP/1.1\r\nHost: localhost\r\nX: ");

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            await().until(() -> isGone(dripping));
        }
        assertThat(refused(Limit.REQUEST_HEADER_TIMEOUT)).isEqualTo(2);
        assertThat(post(HELLO).statusCode()).isEqualTo(200);
    }

    @Test
    void idleConnectionIsClosedAndSubscribedOneIsNot() throws Exception {
        serving("limits.keep-alive-timeout", "300ms", "limits.request-header-timeout", "300ms");
        RawSocket socket = keep(RawSocket.open(server, PROTOCOL)).initialised();
        RawStream stream = keep(RawStream.open(server, "subscription { silent }"));
        try (Socket kept = new Socket("localhost", server.port())) {
            drip(kept, GET);

            assertThat(new String(kept.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("{\"data\":{\"hello\":\"hello\"}}");
        }
        await().until(() -> refused(Limit.KEEP_ALIVE_TIMEOUT) == 1);
        socket.subscribe("s", "{ hello }");
        assertThat(socket.message()).contains("hello");
        assertThat(server.connectionRegistry.open(Transport.SSE)).isEqualTo(1);
        assertThat(stream.head.getFirst()).contains(" 200 ");
    }

    @Test
    void slowReaderStaysAndClientThatReadsNothingIsDisconnected() throws Exception {
        serving("read-timeout", "2s", "limits.keep-alive-timeout", "300ms", "send-buffer", "4KB");
        String page = "{\"query\":\"{ page(last: 1000, size: 1000) { entries { content } } }\"}";
        try (Socket slow = reading(4_096, page);
                Socket unread = reading(4_096, page)) {
            byte[] some = new byte[8_192];
            int taken = 0;
            // In pieces, over more time than the timeout of a client that takes nothing.
            long begin = System.nanoTime();
            for (int count = 0; count >= 0 && taken < 1_000_000; taken += count) {
                count = slow.getInputStream().read(some);
                long moment = begin + (taken + Math.max(0, count)) * 5_000L;
                await().pollInterval(Duration.ofMillis(10)).until(() -> System.nanoTime() >= moment);
            }

            assertThat(taken).isGreaterThanOrEqualTo(1_000_000);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(4));
            await().until(() -> refused(Limit.KEEP_ALIVE_TIMEOUT) == 2);
            assertThat(unread.getInputStream().readAllBytes().length).isLessThan(500_000);
            await().until(() -> server.budget.reserved() == 0);
        }
    }

    @Test
    void pipeliningClientThatReadsNothingIsDisconnected() throws Exception {
        serving("read-timeout", "1s", "send-buffer", "4KB");
        String page = "{\"query\":\"{ page(last: 1000, size: 1000) { entries { content } } }\"}";
        try (Socket unread = reading(4_096, page)) {
            drip(unread, GET);

            await().until(() -> refused(Limit.KEEP_ALIVE_TIMEOUT) == 1);
            await().until(() -> server.budget.reserved() == 0);
        }
    }

    @Test
    void pipelinedRequestsAreBoundedInBytes() throws Exception {
        serving();
        try (Socket socket = new Socket("localhost", server.port())) {
            drip(socket, written("{\"query\":\"{ never }\"}"));
            // Large, because Reactor Netty stops reading once 32 parts of requests are queued.
            String next = written("{\"query\":\"{ hello }\",\"variables\":{\"v\":\"" + "x".repeat(40_000) + "\"}}");
            for (int i = 0; i < 3; i++) {
                drip(socket, next);
            }
            await().until(() -> server.budget.reserved() > 120_000);
            assertThat(refused(Limit.PIPELINED)).isZero();

            drip(socket, next);

            assertThat(isRefused(socket)).isTrue();
            assertThat(refused(Limit.PIPELINED)).isEqualTo(1);
            await().until(() -> server.budget.reserved() == 0);
        }
    }

    private static String written(String body) {
        return "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    /** Uses a connection with a small receive buffer. */
    private Socket reading(int receiveBuffer, String body) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress("localhost", server.port()));
        drip(socket, written(body));
        return socket;
    }

    @Test
    void channelsAreBoundedInTotal() throws Exception {
        serving("limits.connections", "1", "limits.requests", "2");
        for (int i = 0; i < 3; i++) {
            answered(keep(new Socket("localhost", server.port())));
        }
        try (Socket fourth = new Socket("localhost", server.port())) {
            assertThat(isRefused(fourth)).isTrue();
        }
        assertThat(refused(Limit.CHANNELS)).isEqualTo(1);
    }

    @Test
    void channelsOfOneAddressAreBounded() throws Exception {
        serving("limits.connections-per-address", "1", "limits.requests-per-address", "2");
        for (int i = 0; i < 3; i++) {
            answered(keep(from("127.0.0.2")));
        }
        try (Socket fourth = from("127.0.0.2");
                RawSocket another = RawSocket.open(server, PROTOCOL)) {
            assertThat(isRefused(fourth)).isTrue();
            another.initialised();
        }
        assertThat(refused(Limit.CHANNELS)).isEqualTo(1);
    }

    // --- requests and operations

    @Test
    void requestBeyondPendingLimitIs503AndPendingOnesAreAnswered() throws Exception {
        serving("limits.requests", "1");
        try (HttpClient client = HttpClient.newHttpClient()) {
            var slow = client.sendAsync(request("{\"query\":\"{ slow }\"}"), HttpResponse.BodyHandlers.ofString());
            await().until(() -> server.connectionRegistry.exchanges() == 1);

            HttpResponse<String> next = post(HELLO);

            assertThat(next.statusCode()).isEqualTo(503);
            assertThat(next.headers().firstValue("Retry-After")).contains("1");
            assertThat(next.body()).contains("The gateway is full: try again later");
            assertThat(slow.get().body()).isEqualTo("{\"data\":{\"slow\":\"slow\"}}");
        }
        assertThat(refused(Limit.REQUESTS)).isEqualTo(1);
        assertThat(post(HELLO).statusCode()).isEqualTo(200);
    }

    @Test
    void pendingRequestsOfOneAddressAreBounded() throws Exception {
        serving("limits.requests-per-address", "1", "limits.proxies", "1");
        try (HttpClient client = HttpClient.newHttpClient()) {
            var slow = client.sendAsync(
                    request("{\"query\":\"{ slow }\"}", "X-Forwarded-For", "1.1.1.1"),
                    HttpResponse.BodyHandlers.ofString());
            await().until(() -> server.connectionRegistry.exchanges() == 1);

            assertThat(post(HELLO, "X-Forwarded-For", "1.1.1.1").statusCode()).isEqualTo(429);
            assertThat(post(HELLO, "X-Forwarded-For", "2.2.2.2").statusCode()).isEqualTo(200);
            assertThat(slow.get().statusCode()).isEqualTo(200);
        }
        assertThat(refused(Limit.REQUESTS_PER_ADDRESS)).isEqualTo(1);
    }

    @Test
    void operationBeyondTotalLimitIsRejectedOnItsOwnId() {
        serving("limits.operations", "2");
        RawSocket one = keep(RawSocket.ready(server));
        RawSocket two = keep(RawSocket.ready(server));
        one.subscribe("a", "subscription { silent }");
        two.subscribe("b", "subscription { silent }");
        await().until(() -> server.connectionRegistry.operations() == 2);

        two.subscribe("c", "{ hello }");

        assertThat(two.message()).contains("\"id\":\"c\"", "\"type\":\"error\"", "The gateway is full");
        one.send("{'type':'complete','id':'a'}");
        await().until(() -> server.connectionRegistry.operations() == 1);
        two.subscribe("c", "{ hello }");
        assertThat(two.message()).contains("\"type\":\"next\"");
        assertThat(refused(Limit.OPERATIONS)).isEqualTo(1);
    }

    // --- documents

    @Test
    void tooDeepOperationIsRejectedBeforeValidation() throws Exception {
        serving();

        String answer = post("{\"query\":\"" + "{ a ".repeat(11) + "}".repeat(11) + "\"}")
                .body();

        assertThat(answer).contains("An operation nests at most 10 fields deep, and this one has 11");
        assertThat(refused(Limit.DEPTH)).isEqualTo(1);
    }

    @Test
    void tooComplexOperationIsRejected() throws Exception {
        serving();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 21; i++) {
            many.append("a").append(i).append(": hello ");
        }

        String answer = post("{\"query\":\"{ " + many + "}\"}").body();

        assertThat(answer).contains("An operation has at most 200 points, and this one has 210");
        assertThat(refused(Limit.COMPLEXITY)).isEqualTo(1);
    }

    @Test
    void fragmentBombIsRejectedAsTooComplex() throws Exception {
        serving();
        StringBuilder bomb = new StringBuilder("{ ...F0 } ");
        for (int i = 0; i < 50; i++) {
            bomb.append("fragment F%d on Query { hello ...F%d ...F%d } ".formatted(i, i + 1, i + 1));
        }

        String answer = post("{\"query\":\"" + bomb + "\"}").body();

        assertThat(answer).contains("An operation has at most 200 points, and this one has very many");
    }

    @Test
    void documentWithTooManyDirectivesIsRejected() throws Exception {
        serving();

        String answer = post("{\"query\":\"{ hello " + "@skip(if: false) ".repeat(21) + "}\"}")
                .body();

        assertThat(answer).contains("A document has at most 20 directives, and this one has 21");
        assertThat(refused(Limit.DIRECTIVES)).isEqualTo(1);
    }

    @Test
    void complexityRejectionExplainsItsCount() throws Exception {
        serving();

        String answer = post("{\"query\":\"{ page { entries {" + many(20, "a%d: number ") + "} } }\"}")
                .body();

        assertThat(answer)
                .contains(
                        "An operation has at most 200 points, and this one has 211: 1 for each field, 10 for each at its"
                                + " top and for each alias below it");
    }

    @Test
    void onePageOfLargestSizeIsAcceptedAndTwoAreRejected() throws Exception {
        serving();

        assertThat(post("{\"query\":\"{ page(last: 1000) { entries { number content } } }\"}")
                        .body())
                .contains("{\"number\":999,");
        String two =
                post("{\"query\":\"{ page(last: 1000) { entries { number } } b: page(last: 1000) { entries { number"
                                + " } } }\"}")
                        .body();

        assertThat(two)
                .contains("The pages of an operation have at most 1000 entries, and this one asks for 2000: the size of"
                        + " each page, and again for each alias within it");
        assertThat(refused(Limit.PAGE_ENTRIES)).isEqualTo(1);
        assertThat(server.schema.pages).hasValue(1);
    }

    @Test
    void pageSizesInVariablesAreCheckedForEachRequest() throws Exception {
        serving();
        String query =
                "{\"query\":\"query($n: Int) { a: page(last: $n) { entries { number } } b: page(last: $n) { entries { number"
                        + " } } }\",\"variables\":{\"n\":";

        assertThat(post(query + "2}}").body()).contains("\"data\"");
        assertThat(post(query + "501}}").body()).contains("this one asks for 1002");
        assertThat(post(query + "500}}").body()).contains("\"data\"");
        assertThat(refused(Limit.PAGE_ENTRIES)).isEqualTo(1);
    }

    private static String many(int count, String each) {
        return IntStream.range(0, count).mapToObj(each::formatted).collect(Collectors.joining());
    }

    @Test
    void tooDeepOperationOnSocketIsRejectedAndSocketStaysOpen() {
        serving();
        RawSocket socket = keep(RawSocket.ready(server));

        socket.subscribe("s", "{ a ".repeat(11) + "}".repeat(11));

        assertThat(socket.message()).contains("\"type\":\"error\"", "An operation nests at most 10 fields deep");
        socket.subscribe("s", "{ hello }");
        assertThat(socket.message()).contains("\"type\":\"next\"");
    }

    @Test
    void documentOfTooManyTokensOrCharactersIsCounted() throws Exception {
        serving();

        post("{\"query\":\"{" + " hello".repeat(1_001) + "}\"}");
        post("{\"query\":\"{ hello } #" + " ".repeat(8_192) + "\"}");

        assertThat(refused(Limit.TOKENS)).isEqualTo(1);
        assertThat(refused(Limit.DOCUMENT)).isEqualTo(1);
    }

    @Test
    void oversizedBodiesAndFramesAreCounted() throws Exception {
        serving("max-body", "1KB", "max-frame", "1KB", "body-timeout", "200ms", "init-timeout", "200ms");
        RawSocket socket = keep(RawSocket.ready(server));

        post("x".repeat(2_000));
        socket.send("x".repeat(2_000));

        assertThat(socket.closed()).startsWith("1009");
        assertThat(refused(Limit.MAX_BODY)).isEqualTo(1);
        assertThat(refused(Limit.MAX_FRAME)).isEqualTo(1);
        assertThat(keep(RawSocket.open(server, PROTOCOL)).closed()).startsWith("4408");
        assertThat(refused(Limit.INIT_TIMEOUT)).isEqualTo(1);
    }

    private Socket from(String address) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        return socket;
    }

    @Test
    void bodyTimeoutIsCounted() throws Exception {
        serving("body-timeout", "150ms");
        try (Socket socket = new Socket("localhost", server.port())) {
            drip(
                    socket,
                    "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408 ");
        }
        assertThat(refused(Limit.BODY_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void operationsBeyondSocketLimitAreCounted() {
        serving("max-operations", "1");
        RawSocket socket = keep(RawSocket.ready(server));
        socket.subscribe("a", "subscription { silent }");
        socket.subscribe("b", "{ hello }");

        assertThat(socket.message()).contains("\"id\":\"b\"", "\"type\":\"error\"");
        assertThat(refused(Limit.MAX_OPERATIONS)).isEqualTo(1);
    }

    @Test
    void disconnectForUnreadPongsIsCounted() {
        serving("max-pending-control-bytes", "1KB");
        RawSocket socket = keep(RawSocket.open(server, PROTOCOL, 4_096)).initialised();
        String ping = "{'type':'ping','payload':{'a':'" + "x".repeat(10_000) + "'}}";

        Thread.ofVirtual().start(() -> {
            while (server.connectionRegistry.open(Transport.WEBSOCKET) > 0) {
                socket.send(ping);
            }
        });

        await().until(() -> refused(Limit.MAX_PENDING_CONTROL_BYTES) == 1);
    }

    private void serving(String... settings) {
        server = keep(TestServer.with(Map.of(), settings));
    }

    private void init(String token) {
        RawSocket socket = keep(RawSocket.open(server, PROTOCOL));
        socket.send("{'type':'connection_init','payload':{'authorization':'Bearer " + token + "'}}");
        assertThat(socket.message()).contains("connection_ack");
    }

    private RawStream stream(String token) {
        return keep(RawStream.open(server, "subscription { silent }", "Authorization: Bearer " + token));
    }

    private double refused(Limit limit) {
        return server.refused(limit);
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    private HttpResponse<String> post(String body, String... headers) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request(body, headers), HttpResponse.BodyHandlers.ofString());
        }
    }

    private HttpRequest request(String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    /** Waits for each response: connections that are made one after the other may be accepted in any order. */
    private static void answered(Socket socket) throws IOException {
        drip(socket, GET);
        assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    private static void drip(Socket socket, String head) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Sends a byte now and then, until the gateway closes the connection. */
    private static boolean isGone(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException gone) {
            return true;
        }
    }

    private static boolean isRefused(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
