package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that Reactor Netty cannot decode. */
@Timeout(30)
class DecodingFailureTest {
    private static final String NOT_HTTP = "{\"errors\":[{\"message\":\"This is not an HTTP request\"}]}";
    private static final String HEAD =
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final String HELLO = "{\"query\":\"{ hello }\"}";

    private static TestServer server;

    @BeforeAll
    static void begin() {
        server = TestServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "\u0016\u0003\u0001\r\n\r\n",
                "GET /graphql HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n",
                "GET /graphql HTTP/1.1\r\nHost: localhost\r\nX: \u0000\r\n\r\n"
            })
    void malformedHeadIs400WithErrors(String request) {
        assertRefused(raw(request), "400 Bad Request", NOT_HTTP);
    }

    @Test
    void longFirstLineIs414WithErrors() {
        assertRefused(
                raw("GET /graphql?query=" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                "414 Request-URI Too Long",
                "{\"errors\":[{\"message\":\"The request line is too long\"}]}");
    }

    @Test
    void largeHeaderFieldsAre431WithErrors() {
        assertRefused(
                raw("GET /graphql HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"),
                "431 Request Header Fields Too Large",
                "{\"errors\":[{\"message\":\"The request's header fields are too large\"}]}");
    }

    @Test
    void malformedChunkIs400WithErrors() {
        assertRefused(raw(HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "400 Bad Request", NOT_HTTP);
    }

    @Test
    void requestBeforeAMalformedOneKeepsItsAnswer() {
        String answers = raw(HEAD + "Content-Length: " + HELLO.length() + "\r\n\r\n" + HELLO + "GARBAGE\r\n\r\n");

        assertThat(answers).startsWith("HTTP/1.1 200 OK\r\n").contains("\"hello\":");
        assertRefused(answers.substring(answers.lastIndexOf("HTTP/1.1")), "400 Bad Request", NOT_HTTP);
    }

    private static String raw(String request) {
        return new Attacker(server.port(), null).raw(request);
    }

    private static void assertRefused(String answer, String status, String body) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + "\r\n")
                .containsIgnoringCase("content-type: application/json\r\n")
                .containsIgnoringCase("content-length: " + body.length() + "\r\n")
                .containsIgnoringCase("connection: close\r\n")
                .endsWith("\r\n\r\n" + body);
    }
}
