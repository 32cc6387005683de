package chatql.graphql.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.graphql.server.WebGraphQlInterceptor;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** The rules of GraphQL over HTTP that graphql-http's audits do not test, and the limits on requests. */
@Timeout(20)
@ExtendWith(OutputCaptureExtension.class)
class HttpTest {

    private static final String GRAPHQL = "application/graphql-response+json";
    private static final TestServer server = TestServer.start();
    private static final HttpClient client = HttpClient.newHttpClient();

    @AfterAll
    static void stop() {
        server.close();
        client.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | application/json",
                "application/graphql-response+json | application/graphql-response+json",
                "*/* | application/json",
                "application/* | application/json",
                "text/html, */*;q=0.8 | application/json",
                "application/json;q=0.5, application/graphql-response+json | application/graphql-response+json",
                "application/graphql-response+json, application/json | application/graphql-response+json",
                "application/graphql-response+json;q=0, application/json | application/json",
            })
    void answerHasContentTypePreferredByClient(String accept, String type) throws Exception {
        HttpResponse<String> answer = post("{\"query\":\"{ hello }\"}", "Accept", accept);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(contentType(answer)).isEqualToIgnoringCase(type + ";charset=UTF-8");
        assertThat(answer.body()).isEqualTo("{\"data\":{\"hello\":\"hello\"}}");
    }

    @Test
    void oversizedDocumentIsRejectedBeforeParsing() throws Exception {
        String nested = "query($v: " + "[".repeat(3_000) + "Int" + "]".repeat(3_000) + ") { hello }";
        String long_ = "{ hello } #" + " ".repeat(8_192);

        refused(post("{\"query\":\"" + nested + "\"}", "Accept", GRAPHQL), 400);
        refused(post("{\"query\":\"" + long_ + "\"}", "Accept", GRAPHQL), 400);
    }

    @Test
    void unacceptableTypeIs406() throws Exception {
        refused(post("{\"query\":\"{ hello }\"}", "Accept", "image/png"), 406);
        refused(post("{\"query\":\"{ hello }\"}", "Accept", "nonsense"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "no json",
                "{\"query\":\"{ hello }\"",
                "{\"query\":\"{ hello }\"} {}",
                "[]",
                "[{\"query\":\"{ hello }\"}]",
                "null",
                "1",
                "\"text\"",
                "{}",
                "{\"query\":\"\"}",
                "{\"query\":1}",
                "{\"query\":\"{ hello }\",\"variables\":\"{}\"}",
                "{\"query\":\"{ hello }\",\"operationName\":7}",
                "{\"query\":\"{ hello }\",\"extensions\":[]}"
            })
    void bodyWithoutOperationIs400ForEveryAcceptHeader(String body) throws Exception {
        refused(post(body, "Accept", "application/json"), 400);
        refused(post(body, "Accept", GRAPHQL), 400);
        refused(post(body, "Accept", "text/event-stream"), 400);
    }

    @Test
    void operationNameOfMoreThan128CharactersIs400() throws Exception {
        String query = "{\"query\":\"query %1$s { hello }\",\"operationName\":\"%1$s\"}";

        assertThat(post(query.formatted("n".repeat(128)), "Accept", GRAPHQL).statusCode())
                .isEqualTo(200);
        HttpResponse<String> refused = post(query.formatted("n".repeat(129)), "Accept", GRAPHQL);

        refused(refused, 400);
        assertThat(refused.body()).contains("operationName must not be longer than 128 characters");
    }

    @Test
    void deeplyNestedJsonIs400() throws Exception {
        refused(post("{\"query\":\"{ hello }\",\"variables\":" + "[".repeat(50_000), "Accept", GRAPHQL), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{ nothing }",
                "query Q($t: String!) { echo(text: $t) }",
                "query A { hello } query B { hello }"
            })
    void invalidOperationIs400InGraphqlTypeAnd200InPlainJson(String query) throws Exception {
        String body = "{\"query\":\"" + query + "\"}";

        assertThat(post(body, "Accept", GRAPHQL).statusCode()).isEqualTo(400);
        HttpResponse<String> plain = post(body, "Accept", "application/json");
        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.body()).contains("\"errors\"").doesNotContain("\"data\"", "Exception");
    }

    @Test
    void failingFieldIs200WithoutInternalDetails() throws Exception {
        HttpResponse<String> answer = post("{\"query\":\"{ broken }\"}", "Accept", GRAPHQL);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"errors\"", "\"data\":null").doesNotContain("secret", "IllegalState");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/graphql",
                "application/x-www-form-urlencoded",
                "application/json;charset=klingon",
                "nonsense"
            })
    void contentTypeOtherThanJsonIs415(String type) throws Exception {
        refused(post("{\"query\":\"{ hello }\"}", "Content-Type", type), 415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16", "utf-8"})
    void bodyIsReadInItsDeclaredCharset(String charset) throws Exception {
        byte[] body = "{\"query\":\"{ echo(text: \\\"é\\\") }\"}".getBytes(Charset.forName(charset));
        HttpResponse<String> answer = client.send(
                request("application/json; charset=" + charset)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo("{\"data\":{\"echo\":\"é\"}}");
    }

    @Test
    void queryByGetTakesItsParameters() throws Exception {
        String parameters = "?query=" + encoded("query A { hello } query B($t: String!) { echo(text: $t) }")
                + "&operationName=B&extensions=&variables=" + encoded("{\"t\":\"a+b é\"}");

        assertThat(get(parameters).body()).isEqualTo("{\"data\":{\"echo\":\"a+b é\"}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?query=",
                "?query=%7Bhello%7D&variables=1",
                "?query=%7Bhello%7D&variables=x",
                "?query=%7Bhello%7D&extensions=%5B%5D"
            })
    void getWithoutOperationIs400(String parameters) throws Exception {
        refused(get(parameters), 400);
    }

    @Test
    void mutationByGetIs405AndDoesNotRun() throws Exception {
        int before = server.schema.touched.get();

        HttpResponse<String> answer = get("?query=" + encoded("mutation { touch }"));
        HttpResponse<String> named = get("?operationName=M&query=" + encoded("query Q { hello } mutation M { touch }"));

        refused(answer, 405);
        refused(named, 405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
        assertThat(server.schema.touched).hasValue(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH"})
    void otherMethodIs405(String method) throws Exception {
        refused(
                client.send(
                        request("application/json")
                                .method(method, BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofString()),
                405);
    }

    @Test
    void headIs405WithLengthOfOmittedBody() throws Exception {
        HttpResponse<String> answer = client.send(
                request("application/json")
                        .method("HEAD", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0))
                .isPositive();
        assertThat(answer.headers().firstValue("Transfer-Encoding")).isEmpty();
    }

    @Test
    void subscriptionOverPlainHttpIsRejectedWithReason() throws Exception {
        HttpResponse<String> answer = post("{\"query\":\"subscription { silent }\"}", "Accept", GRAPHQL);

        refused(answer, 400);
        assertThat(answer.body()).contains("WebSocket", "text/event-stream");
    }

    @Test
    void bodyOf256KibIsAccepted() throws Exception {
        String body = "{\"query\":\"{ hello }\"" + " ".repeat(256 * 1024 - 21) + "}";

        assertThat(body).hasSize(256 * 1024);
        assertThat(post(body, "Accept", GRAPHQL).statusCode()).isEqualTo(200);
    }

    @Test
    void bodyOver256KibIs413WithAndWithoutLength() throws Exception {
        byte[] body = ("{\"query\":\"{ hello }\"" + " ".repeat(256 * 1024)).getBytes(StandardCharsets.UTF_8);

        refused(
                client.send(
                        request("application/json")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofString()),
                413);
        refused(
                client.send(
                        request("application/json")
                                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                                .build(),
                        BodyHandlers.ofString()),
                413);
    }

    @Test
    void incompleteBodyIs408() throws Exception {
        try (TestServer hasty = TestServer.with(Map.of("body-timeout", "150ms"));
                Socket socket = new Socket("localhost", hasty.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("\"errors\"");
        }
    }

    @Test
    void interceptorRejectionKeepsItsStatusAndOtherFailureIs500() throws Exception {
        WebGraphQlInterceptor strict = (request, chain) -> Mono.error(
                request.getDocument().contains("hello")
                        ? new ResponseStatusException(HttpStatus.FORBIDDEN, "a secret")
                        : new IllegalStateException("a secret"));
        try (TestServer guarded = TestServer.start(strict)) {
            refused(post(guarded, "{\"query\":\"{ hello }\"}"), 403);
            refused(post(guarded, "{\"query\":\"{ never }\"}"), 500);
        }
    }

    @Test
    void unexpectedErrorHasIdThatIsLogged(CapturedOutput log) throws Exception {
        try (TestServer broken =
                TestServer.start((request, chain) -> Mono.error(new IllegalStateException("a secret")))) {
            String body = post(broken, "{\"query\":\"{ hello }\"}").body();

            var id = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"").matcher(body);
            assertThat(id.find()).as(body).isTrue();
            assertThat(log).contains(id.group(1)).contains("a secret");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | Sec-WebSocket-Version: 13 | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 400",
                "GET | Sec-WebSocket-Version: 13 | X: y | 400",
                "GET | Sec-WebSocket-Version: 8 | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 426",
                "GET | X: y | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 426",
            })
    void malformedHandshakeIsRejected(String method, String version, String key, int status) throws Exception {
        try (Socket socket = new Socket("localhost", server.port())) {
            String request =
                    method + " /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
                            + version + "\r\n" + key + "\r\nContent-Length: 0\r\n\r\n";
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("{\"errors\":[")
                    .doesNotContain("Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket|Connection: Upgrade|",
                "Upgrade: websocket|Connection: close|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: websocket|X: y|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: websocket|Connection: keep-alive|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: h2c, websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: h2c|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: websocket|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: ",
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j",
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ",
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZXNhbXBs",
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBs!SBub25jZQ==",
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                        + "|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                        + "|Content-Length: 3||abc",
                "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                        + "|Transfer-Encoding: chunked||0||",
            })
    void incompleteHandshakeIs400WithErrorsAndNoLogLine(String head, CapturedOutput output) throws Exception {
        String answer = handshake("HTTP/1.1", "Sec-WebSocket-Version: 13|" + head);

        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("{\"errors\":[{\"message\":\"This is not a WebSocket handshake: it")
                .doesNotContain("Exception");
        assertThat(output).doesNotContain("ERROR").doesNotContain("\tat ");
    }

    @Test
    void handshakeByHttp10OrOfAnotherVersionIsRejected() throws Exception {
        String head = "Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|";

        assertThat(handshake("HTTP/1.0", head + "Sec-WebSocket-Version: 13")).contains(" 400 ", "{\"errors\":[");
        for (String version : new String[] {
            "X: y",
            "Sec-WebSocket-Version: ",
            "Sec-WebSocket-Version: 12",
            "Sec-WebSocket-Version: 13, 8",
            "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8"
        }) {
            assertThat(handshake("HTTP/1.1", head + version))
                    .startsWith("HTTP/1.1 426 ")
                    .containsIgnoringCase("\r\nsec-websocket-version: 13\r\n")
                    .contains("{\"errors\":[");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upgrade: WebSocket|connection: UPGRADE",
                "UPGRADE: WEBSOCKET|CONNECTION: keep-alive, Upgrade",
                "Upgrade: websocket|Connection: keep-alive|Connection: upgrade",
            })
    void handshakeHeadersAreCaseInsensitive(String head) throws Exception {
        String answer = handshake(
                "HTTP/1.1",
                head + "|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                        + "|Sec-WebSocket-Protocol: soap");

        // And closed with 4406, which ends the connection.
        assertThat(answer).startsWith("HTTP/1.1 101 ").contains("Subprotocol not acceptable");
    }

    @Test
    void subprotocolInSeparateHeaderLineIsSelected() throws Exception {
        for (String line : new String[] {"graphql-transport-ws", "soap, graphql-transport-ws"}) {
            try (RawSocket socket = RawSocket.open(server, "soap\r\nSec-WebSocket-Protocol: " + line)) {
                assertThat(socket.initialised().head)
                        .containsIgnoringCase("sec-websocket-protocol: graphql-transport-ws\r\n");
            }
        }
    }

    private static String handshake(String version, String head) throws IOException {
        String request = "GET /graphql " + version + "\r\nHost: x\r\n" + head.replace("|", "\r\n") + "\r\n\r\n";
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void operationSwallowedByInterceptorIsBare500() throws Exception {
        try (TestServer silent = TestServer.start((request, chain) -> Mono.empty())) {
            refused(post(silent, "{\"query\":\"{ hello }\"}"), 500);
        }
    }

    private static HttpResponse<String> post(TestServer to, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(to.url()))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String body, String header, String value)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = header.equals("Content-Type")
                ? request(value)
                : request("application/json").setHeader(header, value);
        return client.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String parameters) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + parameters)).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String contentType) {
        return HttpRequest.newBuilder(URI.create(server.url())).header("Content-Type", contentType);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String contentType(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }

    private static void refused(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body())
                .startsWith("{\"errors\":[{\"message\":\"")
                .doesNotContain("Exception", "secret", "jackson", "java.");
    }
}
