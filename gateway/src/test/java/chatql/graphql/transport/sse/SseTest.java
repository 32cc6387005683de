package chatql.graphql.transport.sse;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.Attacker;
import chatql.graphql.transport.RawStream;
import chatql.graphql.transport.TestServer;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of GraphQL over SSE in its distinct connections mode. */
@Timeout(20)
class SseTest {

    private static final TestServer server = TestServer.start();
    private static final HttpClient client = HttpClient.newHttpClient();

    @AfterAll
    static void stop() {
        server.close();
        client.close();
    }

    @Test
    void subscriptionSendsNextEventsThenComplete() {
        try (RawStream stream = RawStream.open(server, "subscription { count(to: 2) }")) {
            assertThat(stream.head.getFirst()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(stream.head).anyMatch(line -> line.equalsIgnoreCase("content-type: text/event-stream"));
            assertThat(stream.lines(7))
                    .containsExactly(
                            ":",
                            "event: next",
                            "data: {\"data\":{\"count\":1}}",
                            "event: next",
                            "data: {\"data\":{\"count\":2}}",
                            "event: complete",
                            "data:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ hello }", "mutation { touch }"})
    void queryOrMutationSendsOneNextThenComplete(String query) {
        try (RawStream stream = RawStream.open(server, query)) {
            assertThat(stream.line()).isEqualTo(":");
            assertThat(stream.line()).isEqualTo("event: next");
            assertThat(stream.line()).startsWith("data: {\"data\":{");
            assertThat(stream.line()).isEqualTo("event: complete");
        }
    }

    @Test
    void headAndCommentAreSentBeforeFirstEvent() {
        try (RawStream stream = RawStream.open(server, "subscription { silent }")) {
            assertThat(stream.line()).isEqualTo(":");
        }
    }

    @Test
    void namedEventCarriesItsId() {
        try (RawStream stream = RawStream.open(server, "subscription { named(to: 2) }")) {
            assertThat(stream.lines(7))
                    .containsExactly(
                            ":",
                            "event: next",
                            "id: event-1",
                            "data: {\"data\":{\"named\":1}}",
                            "event: next",
                            "id: event-2",
                            "data: {\"data\":{\"named\":2}}");
        }
    }

    @Test
    void lastEventIdIsInReactorContext() {
        try (RawStream stream = RawStream.open(server, "subscription { since }", "Last-Event-ID: event-7")) {
            assertThat(stream.lines(3)).contains("data: {\"data\":{\"since\":\"event-7\"}}");
        }
    }

    @Test
    void reactorContextOfFilterReachesSubscription() {
        try (RawStream stream = RawStream.open(server, "subscription { filtered }")) {
            assertThat(stream.lines(3)).contains("data: {\"data\":{\"filtered\":\"was here\"}}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{ nothing }", "subscription { refused }"})
    void operationThatFailsToStartSendsErrorsThenComplete(String query) {
        try (RawStream stream = RawStream.open(server, query)) {
            assertThat(stream.head.getFirst()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(stream.lines(2)).contains("event: next");
            assertThat(stream.line()).startsWith("data: {\"errors\":[{").doesNotContain("secret", "Exception");
            assertThat(stream.line()).isEqualTo("event: complete");
        }
    }

    @Test
    void failingStreamSendsErrorsThenComplete() {
        try (RawStream stream = RawStream.open(server, "subscription { failing }")) {
            assertThat(stream.lines(4)).contains("data: {\"data\":{\"failing\":1}}", "event: next");
            assertThat(stream.line()).startsWith("data: {\"errors\":[{").doesNotContain("secret", "Exception");
            assertThat(stream.line()).isEqualTo("event: complete");
        }
    }

    @Test
    void subscriptionByGetIsServed() throws Exception {
        HttpResponse<String> answer = get("subscription { count(to: 1) }");

        assertThat(answer.body())
                .isEqualTo(":\n\nevent: next\ndata: {\"data\":{\"count\":1}}\n\nevent: complete\ndata:\n\n");
    }

    @Test
    void mutationByGetIs405AndDoesNotRun() throws Exception {
        int before = server.schema.touched.get();

        assertThat(get("mutation { touch }").statusCode()).isEqualTo(405);
        assertThat(server.schema.touched).hasValue(before);
    }

    @Test
    void disconnectedClientCancelsItsOperation() {
        try (TestServer own = TestServer.start()) {
            RawStream stream = RawStream.open(own, "subscription { silent }");
            Awaitility.await().until(() -> own.connectionRegistry.subscriptions(Transport.SSE) == 1);
            assertThat(own.connectionRegistry.open(Transport.SSE)).isEqualTo(1);

            stream.close();

            Awaitility.await().until(() -> own.schema.cancelled.get() == 1);
            Awaitility.await().until(() -> own.connectionRegistry.open(Transport.SSE) == 0);
            assertThat(own.connectionRegistry.subscriptions(Transport.SSE)).isZero();
        }
    }

    @Test
    void completedStreamIsFullyReleased() {
        try (TestServer own = TestServer.start();
                RawStream stream = RawStream.open(own, "subscription { count(to: 1) }")) {
            Awaitility.await().until(() -> stream.line().equals("event: complete"));

            Awaitility.await().until(() -> own.connectionRegistry.open(Transport.SSE) == 0);
            assertThat(own.connectionRegistry.subscriptions(Transport.SSE)).isZero();
        }
    }

    @Test
    void silentStreamSendsHeartbeatComments() {
        try (TestServer lively = TestServer.with(Map.of("heartbeat", "50ms"));
                RawStream stream = RawStream.open(lively, "subscription { silent }")) {
            assertThat(stream.lines(5)).containsOnly(":");
        }
    }

    @Test
    void unreadStreamStopsItsDemandAndIsDisconnected() {
        try (TestServer own = TestServer.with(Map.of("heartbeat", "100ms", "read-timeout", "1s"));
                RawStream unread = RawStream.open(own, "subscription { text(size: 10000) }", 4_096)) {
            assertThat(unread.line()).isEqualTo(":");
            Awaitility.await().during(Duration.ofMillis(300)).until(own.schema.requested::get, demand -> demand < 200);

            Awaitility.await().until(() -> own.connectionRegistry.open(Transport.SSE) == 0);
            assertThat(own.schema.cancelled).hasValue(1);
        }
    }

    private static HttpResponse<String> get(String query) throws Exception {
        URI uri = URI.create(server.url() + "?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Accept", "text/event-stream")
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void http10ClientGetsUnchunkedEventsAndEndOfConnection() throws Exception {
        String body = "{\"query\":\"subscription { count(to: 2) }\"}";
        for (String more : new String[] {"", "Connection: keep-alive\r\nAccept-Encoding: gzip\r\n"}) {
            String answer = new Attacker(server.port(), null)
                    .raw("POST /graphql HTTP/1.0\r\n" + more
                            + "Content-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body);

            assertThat(answer)
                    .matches("(?s)HTTP/1.[01] 200 OK\r\n.*")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .endsWith("\r\n\r\n:\n\nevent: next\ndata: {\"data\":{\"count\":1}}\n\n"
                            + "event: next\ndata: {\"data\":{\"count\":2}}\n\nevent: complete\ndata:\n\n");
        }
    }
}
