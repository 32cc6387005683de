package chatql.graphql.transport.admission;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.FakeAuthenticator;
import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.RawStream;
import chatql.graphql.transport.TestServer;
import chatql.graphql.transport.connection.ConnectionRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication of clients, the lifetime of their connections, and the renewal of credentials. */
@Timeout(20)
class AdmissionControlTest {
    private static final String PROTOCOL = "graphql-transport-ws";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final FakeAuthenticator fakeAuthenticator = new FakeAuthenticator();
    private TestServer server;

    @BeforeEach
    void begin() {
        server = TestServer.behind(fakeAuthenticator);
        fakeAuthenticator.know("anna", "anna", LONG);
    }

    @AfterEach
    void end() {
        server.close();
    }

    // --- HTTP and SSE

    @Test
    void validTokenIsAccepted() throws Exception {
        assertThat(post("Bearer anna", "application/json").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/graphql-response+json", "text/event-stream"})
    void invalidTokenIs401WithScheme(String accepted) throws Exception {
        HttpResponse<String> answer = post("Bearer eve", accepted);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(answer.body()).contains("\"code\":\"UNAUTHORIZED\"").contains("The bearer token is not valid");
    }

    @Test
    void missingTokenIs401() throws Exception {
        assertThat(post(null, "application/json").statusCode()).isEqualTo(401);
    }

    @Test
    void requestWhileIssuerIsAwayIs503WithRetryAfter() throws Exception {
        fakeAuthenticator.broken = true;

        HttpResponse<String> answer = post("Bearer anna", "application/json");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("Authentication is temporarily unavailable");
    }

    @Test
    void streamEndsOnTimeWhileTheIssuerIsSilent() {
        fakeAuthenticator.know("short", "anna", Duration.ofMillis(1_500), Duration.ofMillis(200));
        try (RawStream stream = RawStream.open(server, "subscription { silent }", "Authorization: Bearer short")) {
            assertThat(stream.line()).isEqualTo(":");
            fakeAuthenticator.silent = true;

            assertThat(stream.line()).isEqualTo("event: next");
            assertThat(stream.line()).contains("\"code\":\"UNAUTHORIZED\"");
            assertThat(stream.line()).isEqualTo("event: complete");
        }
    }

    @Test
    void expiredTokenEndsStreamWithError() {
        fakeAuthenticator.know("short", "anna", Duration.ofMillis(1_500));
        try (RawStream stream = RawStream.open(server, "subscription { silent }", "Authorization: Bearer short")) {
            assertThat(stream.head.getFirst()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(stream.line()).isEqualTo(":");

            assertThat(stream.line()).isEqualTo("event: next");
            assertThat(stream.line()).contains("\"code\":\"UNAUTHORIZED\"");
            assertThat(stream.line()).isEqualTo("event: complete");
        }
    }

    // --- WebSocket

    @Test
    void tokenInInitPayloadAuthenticatesSocket() {
        try (RawSocket socket = RawSocket.open(server, PROTOCOL)) {
            socket.send("{'type':'connection_init','payload':{'Authorization':'Bearer anna'}}");

            assertThat(socket.message()).isEqualTo("{\"type\":\"connection_ack\"}");
            socket.subscribe("q", "{ hello }");
            assertThat(socket.message()).contains("\"next\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'connection_init'}",
                "{'type':'connection_init','payload':{}}",
                "{'type':'connection_init','payload':{'authorization':'Bearer eve'}}",
                "{'type':'connection_init','payload':{'authorization':7}}",
                "{'type':'connection_init','payload':{'authorization':{'a':'Bearer anna'}}}",
                "{'type':'connection_init','payload':{'token':'anna'}}"
            })
    void socketWithoutValidTokenIsClosedWith4401(String init) {
        try (RawSocket socket = RawSocket.open(server, PROTOCOL)) {
            socket.send(init);

            assertThat(socket.closed()).isEqualTo("4401 Unauthorized");
        }
    }

    @Test
    void expiredTokenClosesSocketWith4403() {
        fakeAuthenticator.know("short", "anna", Duration.ofMillis(1_500));
        try (RawSocket socket = let("short")) {
            socket.subscribe("s", "subscription { silent }");

            assertThat(socket.closed()).isEqualTo("4403 Token expired");
        }
    }

    @Test
    void revokedTokenClosesSocketAtNextRevalidation() {
        fakeAuthenticator.know("short", "anna", LONG, Duration.ofSeconds(1));
        try (RawSocket socket = let("short")) {
            fakeAuthenticator.forget("short");

            assertThat(socket.closed()).isEqualTo("4403 Token expired");
        }
    }

    @Test
    void tokenRenewedByPingKeepsSocketAndSubscriptions() throws Exception {
        fakeAuthenticator.know("short", "anna", Duration.ofSeconds(2));
        try (RawSocket socket = let("short")) {
            socket.subscribe("s", "subscription { silent }");
            socket.send("{'type':'ping','payload':{'authorization':'Bearer anna'}}");

            assertThat(socket.message()).isEqualTo("{\"type\":\"pong\",\"payload\":{\"renewed\":true}}");
            assertThat(socket.hearsNothingFor(Duration.ofMillis(3_500))).isTrue();
            assertThat(server.connectionRegistry.subscriptions(ConnectionRegistry.Transport.WEBSOCKET))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eve", "ben", ""})
    void invalidOrForeignTokenRenewsNothing(String token) throws Exception {
        fakeAuthenticator.know("ben", "ben", LONG);
        try (RawSocket socket = let("anna")) {
            socket.send("{'type':'ping','payload':{'authorization':'Bearer " + token + "'}}");

            assertThat(socket.message()).isEqualTo("{\"type\":\"pong\",\"payload\":{\"renewed\":false}}");
            socket.subscribe("q", "{ hello }");
            assertThat(socket.message()).contains("\"next\"");
        }
    }

    @Test
    void issuerOutageRejectsNewSocketsAndKeepsOpenOnes() throws Exception {
        fakeAuthenticator.know("short", "anna", LONG, Duration.ofSeconds(2));
        try (RawSocket inside = let("short");
                RawSocket outside = RawSocket.open(server, PROTOCOL)) {
            fakeAuthenticator.broken = true;
            outside.send("{'type':'connection_init','payload':{'authorization':'Bearer anna'}}");

            assertThat(outside.closed()).isEqualTo("1013 Try again later");
            assertThat(inside.hearsNothingFor(Duration.ofMillis(2_800))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void expiredTokenClosesSocketOnTimeWhileTheIssuerIsAway(boolean silent) {
        Instant begin = Instant.now();
        fakeAuthenticator.know("short", "anna", Duration.ofMillis(2_500), Duration.ofMillis(200));
        try (RawSocket socket = let("short")) {
            fakeAuthenticator.silent = silent;
            fakeAuthenticator.broken = true;

            assertThat(socket.closed()).isEqualTo("4403 Token expired");
            assertThat(Duration.between(begin, Instant.now()))
                    .isBetween(Duration.ofMillis(2_500), Duration.ofMillis(6_000));
        }
    }

    @Test
    void renewalByShorterTokenEndsSocketWhenThatExpires() {
        fakeAuthenticator.know("short", "anna", Duration.ofSeconds(2), LONG);
        try (RawSocket socket = let("anna")) {
            socket.send("{'type':'ping','payload':{'authorization':'Bearer short'}}");
            assertThat(socket.message()).isEqualTo("{\"type\":\"pong\",\"payload\":{\"renewed\":true}}");
            fakeAuthenticator.silent = true;

            assertThat(socket.closed()).isEqualTo("4403 Token expired");
        }
    }

    @Test
    void renewalDuringPendingRenewalRenewsNothing() {
        fakeAuthenticator.know("other", "anna", LONG);
        try (RawSocket socket = let("anna")) {
            fakeAuthenticator.silent = true;
            socket.send("{'type':'ping','payload':{'authorization':'Bearer other'}}");
            socket.send("{'type':'ping','payload':{'authorization':'Bearer other'}}");

            assertThat(socket.message()).isEqualTo("{\"type\":\"pong\",\"payload\":{\"renewed\":false}}");
            socket.subscribe("q", "{ hello }");
            assertThat(socket.message()).contains("\"next\"");
        }
    }

    @Test
    void tokenValidForAMillionYearsIsAccepted() {
        fakeAuthenticator.know("eternal", "anna", Duration.ofDays(365_000_000));
        try (RawSocket socket = let("eternal")) {
            socket.subscribe("q", "{ hello }");

            assertThat(socket.message()).contains("\"next\"");
        }
    }

    @Test
    void socketWithoutTimelyAuthenticationIsClosedWith1013() {
        fakeAuthenticator.silent = true;
        try (TestServer impatient = TestServer.behind(fakeAuthenticator, Map.of("init-timeout", "500ms"));
                RawSocket socket = RawSocket.open(impatient, PROTOCOL)) {
            socket.send("{'type':'connection_init','payload':{'authorization':'Bearer anna'}}");

            assertThat(socket.closed()).isEqualTo("1013 Try again later");
        }
    }

    private RawSocket let(String token) {
        RawSocket socket = RawSocket.open(server, PROTOCOL);
        socket.send("{'type':'connection_init','payload':{'authorization':'Bearer " + token + "'}}");
        assertThat(socket.message()).isEqualTo("{\"type\":\"connection_ack\"}");
        return socket;
    }

    private HttpResponse<String> post(String authorization, String accepted) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.url()))
                .header("Content-Type", "application/json")
                .header("Accept", accepted)
                .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{hello}\"}"));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
