package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.Pod;
import chatql.World;
import chatql.security.Issuer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Requests of clients to the paths between pods, which they reach where a pod has both roles. */
@ExtendWith({KafkaBroker.class, OutputCaptureExtension.class})
@Timeout(60)
class PeerAdmissionIT {
    private static final Issuer ISSUER = new Issuer();
    private static final String NAME = "{\"name\":\"anna\",\"offset\":-1}";
    private static final int OF_ADDRESS = 20;

    @TempDir
    static Path directory;

    private static World world;
    private static Pod pod;
    private static Attacker client;

    private final List<Socket> open = new ArrayList<>();

    @BeforeAll
    static void begin() {
        world = new World(ISSUER.settings(directory));
        pod = world.pod(
                "pod",
                "chatql.limits.requests=50",
                "chatql.limits.requests-per-address=" + OF_ADDRESS,
                "chatql.limits.answer-bytes=32MB",
                "chatql.transport.send-buffer=4KB");
        client = new Attacker(pod.uri().getPort(), ISSUER.bearer("eve"));
    }

    @AfterEach
    void closeAll() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        await().until(() -> peer("127.0.0.66").startsWith("HTTP/1.1 200 "));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void peerRequestsOfOneAddressAreBoundedAndAffectNoOther() throws Exception {
        takeAll(OF_ADDRESS, 29);

        assertThat(peer("127.0.0.66")).startsWith("HTTP/1.1 503 ").containsIgnoringCase("Retry-After: 1");
        assertThat(peer("127.0.0.67")).startsWith("HTTP/1.1 200 ");
        assertThat(client.post("{\"query\":\"{ hello }\"}")).startsWith("HTTP/1.1 200 ");
        assertThat(pod.scrape().sum("chatql_limits_rejected_total", "limit=peer-requests-per-address"))
                .isPositive();
    }

    @Test
    void peerBodiesOfOneAddressAreBoundedToFourMebibytes() throws Exception {
        takeAll(16, 256 * 1024);

        assertThat(peer("127.0.0.66")).startsWith("HTTP/1.1 503 ");
        assertThat(peer("127.0.0.67")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void incompleteBodyIs408AndReleasesItsPermit(CapturedOutput output) throws Exception {
        takeAll(OF_ADDRESS, 29);

        await().atMost(Duration.ofSeconds(15)).until(() -> peer("127.0.0.66").startsWith("HTTP/1.1 200 "));
        for (Socket socket : open) {
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 408");
        }
        assertThat(output).doesNotContain("ERROR").doesNotContain("\tat ");
    }

    @Test
    void requestWithoutTokenIs401BeforeItsBodyArrives() throws Exception {
        for (String path : List.of("own/name", "any/timeline", "own/inboxes", "any/inboxes")) {
            Socket socket = from("127.0.0.66");
            socket.getOutputStream().write(head(path, 200_000, null));

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void oversizedOrUnsizedBodyIsRejected() {
        String head = "POST /peer/own/inboxes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                + "application/json\r\nAuthorization: " + client.authorization() + "\r\n";

        assertThat(client.raw(head + "Content-Length: 262145\r\n\r\n[")).startsWith("HTTP/1.1 413 ");
        assertThat(client.raw(head + "Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 411 ");
        assertThat(client.raw(head + "Content-Length: 2\r\n\r\n[]")).startsWith("HTTP/1.1 200 ");
    }

    /** Each response is larger than a mebibyte, and an address has room for fewer than twelve of them. */
    @Test
    void unreadAnswersOfOneAddressDoNotBlockAnother() throws Exception {
        String question = "{\"user\":\"eve\",\"size\":1000,\"latest\":true,\"written\":{}}";
        eveHasLargeMessages();

        assertThat(askUntilRefused(question)).isBetween(4, 12);
        assertThat(refused("answer-bytes")).isPositive();
        assertThat(reserved()).isBetween(3e6, 16e6);
        assertThat(peer("127.0.0.67", "own/timeline", question)).hasSizeGreaterThan(1 << 20);
        // The system's send buffers may have grown meanwhile, and taken an answer.
        assertThat(askUntilRefused(question)).isBetween(1, 12);
        assertThat(peer("127.0.0.66")).startsWith("HTTP/1.1 200 ");
        closeAll();
        await().until(() -> reserved() == 0);
    }

    /** Asks on new sockets, without reading the answers, until one is refused; returns the number of requests. */
    private int askUntilRefused(String question) throws Exception {
        for (int asked = 1; asked < OF_ADDRESS; asked++) {
            Socket socket = from("127.0.0.66", 4_096);
            socket.getOutputStream().write(asked("own/timeline", question.length(), client.authorization(), question));
            String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            if (status.equals("HTTP/1.1 503")) {
                return asked;
            }
            assertThat(status).isEqualTo("HTTP/1.1 200");
        }
        throw new AssertionError("No request was refused");
    }

    private static void eveHasLargeMessages() {
        String content = "\\u0001".repeat(16_000);
        String last = "";
        for (int each = 0; each < 11; each++) {
            last = client.post(Offender.operation(
                    "mutation($content: String) { createMessage(senderId: \"eve\", recipientId: \"eve\", content: $content)"
                            + " { message { cursor } } }",
                    "\"variables\":{\"content\":\"" + content + "\"}"));
        }
        assertThat(last).contains("\"cursor\":\"");
        String cursor = last.replaceAll("(?s).*\"cursor\":\"([^\"]*)\".*", "$1");
        assertThat(client.post(Attacker.operation(
                        "{ messages(userId: \"eve\", last: 1, atLeast: \"" + cursor + "\") { success } }")))
                .contains("\"success\":true");
    }

    private static double refused(String limit) {
        return pod.scrape().sum("chatql_limits_rejected_total", "limit=" + limit);
    }

    private static double reserved() {
        return pod.scrape().sum("chatql_answers_reserved_bytes");
    }

    /** Sends one incomplete request more than there are permits: its rejection shows that all permits are in use. */
    private void takeAll(int places, int length) throws IOException {
        for (int each = 0; each <= places; each++) {
            from("127.0.0.66").getOutputStream().write(head("own/name", length, client.authorization()));
        }
        await().until(() -> answered().isPresent());
        Socket refused = answered().orElseThrow();
        assertThat(new String(refused.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 503");
        open.remove(refused);
        refused.close();
    }

    private Optional<Socket> answered() throws IOException {
        for (Socket socket : open) {
            if (socket.getInputStream().available() > 0) {
                return Optional.of(socket);
            }
        }
        return Optional.empty();
    }

    private Socket from(String address) throws IOException {
        return from(address, 0);
    }

    /** @param receiveBuffer the size of the kernel's receive buffer; 0 for its default */
    private Socket from(String address, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        open.add(socket);
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", pod.uri().getPort()));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String peer(String address) throws IOException {
        return peer(address, "any/name", NAME);
    }

    private static String peer(String address, String path, String question) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(address, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", pod.uri().getPort()));
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(asked(path, question.length(), client.authorization(), question));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] head(String path, int length, String authorization) {
        return asked(path, length, authorization, "");
    }

    private static byte[] asked(String path, int length, String authorization, String body) {
        return ("POST /peer/" + path
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + (authorization == null ? "" : "Authorization: " + authorization + "\r\n")
                        + "Content-Length: " + length + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
