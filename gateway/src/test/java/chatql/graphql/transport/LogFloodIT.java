package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.Pod;
import chatql.World;
import chatql.security.Issuer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Any number of invalid requests adds only a few short lines to the log, and no stack trace. */
@ExtendWith({KafkaBroker.class, OutputCaptureExtension.class})
@Timeout(180)
class LogFloodIT {
    private static final Issuer ISSUER = new Issuer();

    /** Five lines a minute of each kind, of ten kinds, for as long as the test takes. */
    private static final int LINES = 100;

    private static final int MAX_LINE_LENGTH = 700;

    @TempDir
    static Path directory;

    private static World world;
    private static Pod pod;
    private static Attacker attacker;

    @BeforeAll
    static void begin() {
        world = new World(
                Stream.concat(Stream.of(ISSUER.settings(directory)), Stream.of("chatql.transport.body-timeout=500ms"))
                        .toArray(String[]::new));
        pod = world.pod();
        attacker = new Attacker(pod.uri().getPort(), ISSUER.bearer("eve"));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void invalidRequestsLogFewShortLinesAndNoStackTrace(CapturedOutput output) {
        for (int round = 0; round < 3; round++) {
            WrongRequests.of(attacker).values().forEach(wrong -> attacker.raw(wrong.request()));
        }

        isQuiet(output);
    }

    @Test
    void failedHandshakesAndForeignPagesLogFewShortLines(CapturedOutput output) {
        for (int each = 0; each < 300; each++) {
            attacker.raw(attacker.request(
                    "GET /graphql", "", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "X-Number: " + each));
            attacker.post("{}", "Origin: https://evil-" + each + ".example");
            attacker.raw("GET /" + each + "/../../x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            attacker.raw("nonsense-" + each + "\r\n\r\n");
            attacker.raw("GET / HTTP/1.1\r\nHost: evil-" + each + ".example\r\nConnection: close\r\n\r\n");
        }

        isQuiet(output);
    }

    @Test
    void incompleteBodiesLogFewShortLines(CapturedOutput output) throws Exception {
        List<Socket> open = new ArrayList<>();
        for (String head : heads()) {
            for (int each = 0; each < 5; each++) {
                Socket socket = attacker.connect();
                socket.getOutputStream().write((head + "\r\n\r\n{").getBytes(StandardCharsets.US_ASCII));
                open.add(socket);
            }
        }

        for (Socket socket : open) {
            await().atMost(Duration.ofSeconds(20)).until(() -> hasEnded(socket));
        }
        isQuiet(output);
    }

    /** Requests that announce a body of 100 bytes and send one. */
    private static List<String> heads() {
        String more = " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n";
        String known = more + "Authorization: " + attacker.authorization() + "\r\n";
        String stream = "GET /graphql?query=subscription%7Bmessages(userId:%22eve%22)%7Bid%7D%7D" + known;
        return List.of(
                "POST /graphql" + known + "Content-Type: application/json",
                "POST /graphql" + known + "Content-Type: application/json\r\nOrigin: http://localhost",
                "POST /graphql" + known + "Content-Type: application/json\r\nOrigin: https://evil.example",
                "POST /graphql" + known + "Content-Type: application/json\r\nAccept: text/event-stream",
                "POST /graphql" + known + "Content-Type: text/plain",
                "POST /graphql" + more + "Content-Type: application/json",
                "PUT /graphql" + known + "Accept: */*",
                "GET /graphql?query=%7Bhello%7D" + known + "Accept: */*",
                "GET /graphql?query=%7Bhello%7D" + known + "Origin: http://localhost",
                stream + "Accept: text/event-stream",
                stream + "Accept: text/event-stream\r\nOrigin: http://localhost",
                "POST /peer/own/name" + known + "Content-Type: application/json",
                "POST /peer/any/inboxes" + known + "Content-Type: application/json",
                "POST /peer/any/inboxes" + more + "Content-Type: application/json",
                "POST /nothing" + known + "Accept: */*",
                "GET /" + known + "Accept: */*");
    }

    private static boolean hasEnded(Socket socket) throws IOException {
        socket.setSoTimeout(5_000);
        try {
            while (socket.getInputStream().read() >= 0) {}
            return true;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void disconnectingClientsLogFewShortLines(CapturedOutput output) throws Exception {
        byte[] request = attacker.request(
                        "POST /graphql",
                        Attacker.operation("{ messages(userId: \"eve\", last: 100) { success } users { success } }"))
                .getBytes(StandardCharsets.US_ASCII);
        for (int each = 0; each < 400; each++) {
            try (Socket socket = attacker.connect()) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(request, 0, 1 + each * request.length / 400);
            }
        }
        for (int each = 0; each < 200; each++) {
            try (Socket socket = attacker.connect()) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream().write(request);
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> attacker.post("{\"query\":\"{ hello }\"}").startsWith("HTTP/1.1 200 "));
        for (int each = 0; each < 100; each++) {
            try (RawSocket socket = attacker.socket()) {
                socket.bytes(new byte[] {(byte) each, (byte) 0xff, 1, 2});
            }
        }
        assertThat(attacker.post("{\"query\":\"{ hello }\"}")).startsWith("HTTP/1.1 200 ");

        isQuiet(output);
    }

    /** Without lines of the broker, which may run in this process and warn that the machine is busy. */
    private static void isQuiet(CapturedOutput output) {
        List<String> lines = output.getAll()
                .lines()
                .filter(line -> !line.contains("QuorumController"))
                .toList();
        assertThat(lines).noneMatch(line -> line.contains(" ERROR ") || line.startsWith("\tat "));
        assertThat(lines).hasSizeLessThan(LINES).allMatch(line -> line.length() < MAX_LINE_LENGTH);
    }
}
