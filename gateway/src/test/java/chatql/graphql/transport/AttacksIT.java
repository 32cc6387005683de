package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.Pod;
import chatql.World;
import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.message.Cursor;
import chatql.security.Issuer;
import chatql.security.WrongTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Attacks against a pod that requires tokens. After each, an ordinary client is still served. */
@ExtendWith({KafkaBroker.class, OutputCaptureExtension.class})
@Timeout(20)
class AttacksIT {
    private static final Issuer ISSUER = new Issuer();

    /** Internal details that no response may reveal. */
    private static final String[] INNER = {
        "Exception", "java.", "chatql.", "\tat ", "kafka", "reactor", "netty", "127.0.0.1"
    };

    @TempDir
    static Path directory;

    private static World world;
    private static Pod pod;
    private static Bystander bystander;
    private static Attacker attacker;

    @BeforeAll
    static void begin() {
        world = new World(ISSUER.settings(directory));
        pod = world.pod();
        attacker = new Attacker(pod.uri().getPort(), ISSUER.bearer("eve"));
        bystander = new Bystander(pod.chat().as(ISSUER.bearer("anna", "messages:send:any")), "anna");
    }

    @AfterEach
    void ordinaryClientIsServed() {
        bystander.isServed();
    }

    @AfterAll
    static void end() {
        bystander.close();
        world.close();
    }

    static Stream<Arguments> tokens() {
        return WrongTokens.of(ISSUER).entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "a token that is {0}")
    @MethodSource("tokens")
    void invalidTokenOpensNoSocket(String name, String authorization) {
        try (RawSocket socket = attacker.socket()) {
            socket.send(Attacker.init(authorization));

            assertThat(socket.closed()).isEqualTo("4401 Unauthorized");
        }
    }

    @ParameterizedTest(name = "a token that is {0}")
    @MethodSource("tokens")
    void invalidTokenInHeaderIsRejected(String name, String authorization) {
        String header = "Authorization: " + inOneLine(authorization);

        for (String accepted : new String[] {"application/json", "text/event-stream"}) {
            refused(attacker.post(Attacker.operation("{ hello }"), header, "Accept: " + accepted), "4(01|00|31)");
        }
        refused(attacker.raw(attacker.request("GET /graphql?query=%7Bhello%7D", "", header)), "4(01|00|31)");
        refused(attacker.raw(attacker.request("POST /peer/own/names", "{}", header)), "4(01|00|31)");
    }

    /** Replaces characters that a header cannot have; the tests over WebSocket use them. */
    private static String inOneLine(String authorization) {
        return new String(
                authorization.replaceAll("[\n\u0000]", "?").getBytes(StandardCharsets.ISO_8859_1),
                StandardCharsets.ISO_8859_1);
    }

    static Stream<Arguments> documents() {
        return WrongDocuments.all().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void invalidDocumentIsRejectedOverHttp(String name, String document) {
        String answer = attacker.post(Attacker.operation(document), "Accept: application/graphql-response+json");

        refused(answer, "400");
        assertThat(answer).doesNotContain("\"data\"");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void invalidDocumentIsRejectedOverSse(String name, String document) {
        String answer = attacker.post(Attacker.operation(document), "Accept: text/event-stream");

        assertThat(answer).contains("{\"errors\":[").doesNotContain("\"data\"").doesNotContain(INNER);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void invalidDocumentIsRejectedAndSocketStaysOpen(String name, String document) {
        try (RawSocket socket = attacker.ready()) {
            socket.frame(
                    RawSocket.TEXT,
                    ("{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":" + Attacker.operation(document) + "}")
                            .getBytes(StandardCharsets.UTF_8));

            assertThat(socket.message())
                    .startsWith("{\"id\":\"1\",\"type\":\"error\"")
                    .doesNotContain(INNER);
            socket.subscribe("1", "{ hello }");
            assertThat(socket.message()).contains("\"data\"");
        }
    }

    static Stream<Arguments> requests() {
        return WrongRequests.of(attacker).entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void invalidRequestIsAnsweredWithItsStatus(String name, WrongRequests.Case wrong) {
        String answer = attacker.raw(wrong.request());

        assertThat(answer).matches(wrong.answer()).doesNotContain(INNER);
    }

    static Stream<Arguments> frames() {
        return WrongFrames.all().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void invalidFrameClosesSocketWithItsCode(String name, WrongFrames.Case wrong) {
        try (RawSocket socket = attacker.ready()) {
            wrong.doing().accept(socket);

            assertThat(socket.closed()).startsWith(wrong.code() + " ").doesNotContain(INNER);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void invalidFrameClosesSocketBeforeAuthentication(String name, WrongFrames.Case wrong) {
        try (RawSocket socket = attacker.socket()) {
            wrong.doing().accept(socket);

            assertThat(Map.of(4429, 4401, 4409, 4401).getOrDefault(wrong.code(), wrong.code()) + " ")
                    .isEqualTo(socket.closed().substring(0, 5));
        }
    }

    @Test
    void clientDisconnectedBeforeAnswerCausesNoError(CapturedOutput output) throws Exception {
        var connectionRegistry = pod.bean(ConnectionRegistry.class);
        String cursor = pod.chat()
                .as(attacker.authorization())
                .send("eve", "eve", "hello")
                .get("cursor")
                .stringValue();
        String ahead =
                Cursor.parse(cursor).map(AttacksIT::farBehind).orElseThrow().text();
        String query = "{ messages(userId: \\\"eve\\\", atLeast: \\\"" + ahead + "\\\") { success } }";
        long before = connectionRegistry.operations();

        try (RawSocket socket = attacker.ready()) {
            socket.subscribe("1", query);
            await().until(() -> connectionRegistry.operations() > before);
        }
        await().until(() -> connectionRegistry.operations() == before);

        // History alone would have waited for 2 s.
        await().during(Duration.ofMillis(2_500)).until(() -> !output.getAll().contains("ERROR"));
    }

    private static Cursor farBehind(Cursor at) {
        return new Cursor(at.epoch(), at.timestamp(), at.partition(), at.offset() + 1_000);
    }

    private static void refused(String answer, String status) {
        assertThat(answer).matches("(?s)HTTP/1.1 " + status + " .*").doesNotContain(INNER);
    }
}
