package chatql.graphql.transport.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.TestServer;
import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.graphql.transport.connection.ConnectionRegistry.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The handling of frames that no well-behaved client sends, and of clients that send nothing. */
@Timeout(20)
class WebSocketFramesTest {
    /**
     * The client's receive buffer. With only a page, its kernel drops the acknowledgements of the client's own bytes.
     */
    private static final int TAKEN = 65_536;

    private static final TestServer server = TestServer.start();

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{'type':'connection_init'",
                "{'type':'connection_init'} {}",
                "[]",
                "null",
                "1",
                "{}",
                "{'type':1}",
                "{'type':null}",
                "{'type':'next'}",
                "{'type':'connection_ack'}",
                "{'type':'start','id':'1','payload':{}}",
                "{'type':'connection_init','payload':1}",
                "{'type':'ping','payload':'x'}",
                "{'type':'pong','payload':[]}",
                "{'type':'complete'}",
                "{'type':'complete','id':''}",
                "{'type':'complete','id':1}",
                "{'type':'subscribe','payload':{'query':'{ hello }'}}",
                "{'type':'subscribe','id':'','payload':{'query':'{ hello }'}}",
                "{'type':'subscribe','id':7,'payload':{'query':'{ hello }'}}",
                "{'type':'subscribe','id':'1'}",
                "{'type':'subscribe','id':'1','payload':null}",
                "{'type':'subscribe','id':'1','payload':[]}",
                "{'type':'subscribe','id':'1','payload':{}}",
                "{'type':'subscribe','id':'1','payload':{'query':1}}",
                "{'type':'subscribe','id':'1','payload':{'query':'{ hello }','variables':[]}}",
                "{'type':'subscribe','id':'1','payload':{'query':'{ hello }','operationName':{}}}",
                "{'type':'subscribe','id':'1','payload':{'query':'{ hello }','extensions':1}}"
            })
    void invalidMessageClosesSocketWith4400AndReason(String text) {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.send(text);

            assertThat(socket.closed()).matches("4400 .{10,}").doesNotContain("Exception", "tools.jackson");
        }
    }

    @Test
    void idOfMoreThan128CharactersClosesSocketWith4400() {
        try (TestServer server = TestServer.start();
                RawSocket taken = RawSocket.ready(server);
                RawSocket refused = RawSocket.ready(server)) {
            taken.subscribe("i".repeat(128), "{ hello }");
            assertThat(taken.message()).contains("\"next\"");

            refused.subscribe("i".repeat(129), "{ hello }");

            assertThat(refused.closed()).isEqualTo("4400 An id has at most 128 characters");
        }
    }

    @Test
    void operationNameOfMoreThan128CharactersClosesSocketWith4400() {
        try (TestServer server = TestServer.start();
                RawSocket socket = RawSocket.ready(server)) {
            socket.send("{'type':'subscribe','id':'s','payload':{'query':'{ hello }','operationName':'"
                    + "n".repeat(129) + "'}}");

            assertThat(socket.closed()).isEqualTo("4400 operationName must not be longer than 128 characters");
        }
    }

    @Test
    void initOfMoreThan16KibClosesSocketWith4400() {
        try (TestServer server = TestServer.start();
                RawSocket taken = RawSocket.open(server, "graphql-transport-ws");
                RawSocket refused = RawSocket.open(server, "graphql-transport-ws")) {
            taken.send("{'type':'connection_init','payload':{'a':'" + "x".repeat(16_000) + "'}}");
            assertThat(taken.message()).isEqualTo("{\"type\":\"connection_ack\"}");

            refused.send("{'type':'connection_init','payload':{'a':'" + "x".repeat(16_384) + "'}}");

            assertThat(refused.closed()).isEqualTo("4400 connection_init has at most 16384 bytes");
        }
    }

    @Test
    void binaryFrameClosesSocketWith4400() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.frame(RawSocket.BINARY, "{\"type\":\"ping\"}".getBytes(UTF_8));

            assertThat(socket.closed()).startsWith("4400 ");
        }
    }

    @Test
    void invalidUtf8ClosesSocketWith4400() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.frame(RawSocket.TEXT, new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', '}'});

            assertThat(socket.closed()).startsWith("4400 ");
        }
    }

    @Test
    void fragmentedMessageIsReassembled() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.frame(RawSocket.TEXT_BEGIN, "{\"type\":".getBytes(UTF_8));
            socket.frame(RawSocket.PING, "between".getBytes(UTF_8));
            socket.frame(RawSocket.CONTINUATION_END, "\"ping\"}".getBytes(UTF_8));

            RawSocket.Received first = socket.receive();
            assertThat(first.kind()).isEqualTo(RawSocket.PONG);
            assertThat(first.text()).isEqualTo("between");
            assertThat(socket.message()).isEqualTo("{\"type\":\"pong\"}");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void clientDisconnectMidMessageLogsNoError(CapturedOutput output) {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.frame(RawSocket.TEXT_BEGIN, "{".getBytes(UTF_8));
            socket.frame(RawSocket.PING, new byte[0]);
            assertThat(socket.receive().kind()).isEqualTo(RawSocket.PONG);
        }
        Awaitility.await().until(() -> server.connectionRegistry.open(Transport.WEBSOCKET) == 0);

        assertThat(output.getAll()).doesNotContain("ERROR");
    }

    @Test
    void messageSentByteByByteIsReassembled() {
        byte[] payload = RawSocket.masked("{\"type\":\"ping\"}".getBytes(UTF_8));
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.bytes(RawSocket.header(RawSocket.TEXT, payload.length - 4));
            for (byte one : payload) {
                socket.bytes(new byte[] {one});
            }

            assertThat(socket.message()).isEqualTo("{\"type\":\"pong\"}");
        }
    }

    @Test
    void frameOver64KibClosesSocketWith1009() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.frame(RawSocket.TEXT, new byte[65_537]);

            assertThat(socket.closed()).startsWith("1009 ");
        }
    }

    @Test
    void frameOf64KibIsAccepted() {
        try (RawSocket socket = RawSocket.ready(server)) {
            String message = "{'type':'ping'" + " ".repeat(65_536 - 15) + "}";
            socket.send(message);

            assertThat(message).hasSize(65_536);
            assertThat(socket.message()).isEqualTo("{\"type\":\"pong\"}");
        }
    }

    @Test
    void fragmentsOver64KibInTotalCloseSocketWith1009() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.frame(RawSocket.TEXT_BEGIN, new byte[40_000]);
            socket.frame(RawSocket.CONTINUATION_END, new byte[40_000]);

            assertThat(socket.closed()).startsWith("1009 ");
        }
    }

    @Test
    void invalidOpcodeClosesSocketWith1002() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.frame(0x80 | 0x0B, new byte[0]);

            assertThat(socket.closed()).startsWith("1002 ");
        }
    }

    @Test
    void unmaskedFrameClosesSocketWith1002() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.bytes(new byte[] {(byte) RawSocket.TEXT, 2, '{', '}'});

            assertThat(socket.closed()).startsWith("1002 ");
        }
    }

    @Test
    void closeFrameIsAnsweredAndCancelsOperations() throws IOException {
        int before = server.schema.cancelled.get();
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", "subscription { silent }");
            socket.frame(RawSocket.CLOSE, new byte[] {0x03, (byte) 0xE8});

            assertThat(socket.closed()).isEqualTo("1000 ");
            assertThat(socket.endsWithin(Duration.ofSeconds(2))).isTrue();
            Awaitility.await().until(() -> server.schema.cancelled.get() == before + 1);
        }
    }

    @Test
    void disconnectedClientIsFullyReleased() {
        try (TestServer own = TestServer.start()) {
            RawSocket socket = RawSocket.ready(own);
            socket.subscribe("s", "subscription { silent }");
            Awaitility.await()
                    .until(() -> own.connectionRegistry.subscriptions(ConnectionRegistry.Transport.WEBSOCKET) == 1);
            assertThat(own.connectionRegistry.open(Transport.WEBSOCKET)).isEqualTo(1);

            socket.close();

            Awaitility.await().until(() -> own.connectionRegistry.open(Transport.WEBSOCKET) == 0);
            assertThat(own.connectionRegistry.subscriptions(ConnectionRegistry.Transport.WEBSOCKET))
                    .isZero();
            assertThat(own.connectionRegistry.peers()).isEmpty();
        }
    }

    @Test
    void socketWithoutInitIsClosedWith4408() {
        try (TestServer hasty = TestServer.with(Map.of("init-timeout", "100ms"));
                RawSocket socket = RawSocket.open(hasty, "graphql-transport-ws")) {
            assertThat(socket.closed()).isEqualTo("4408 Connection initialisation timeout");
        }
    }

    @Test
    void initStopsInitTimeout() throws IOException {
        try (TestServer hasty = TestServer.with(Map.of("init-timeout", "200ms"));
                RawSocket socket = RawSocket.ready(hasty)) {
            assertThat(socket.hearsNothingFor(Duration.ofMillis(500))).isTrue();
        }
    }

    @Test
    void silentClientThatReadsNothingIsDisconnected() throws IOException {
        try (TestServer impatient = TestServer.with(Map.of("heartbeat", "100ms", "read-timeout", "350ms"));
                RawSocket halfOpen = RawSocket.ready(impatient)) {
            halfOpen.subscribe("s", "subscription { silent }");

            assertThat(halfOpen.endsWithin(Duration.ofSeconds(5))).isTrue();
            Awaitility.await().until(() -> impatient.connectionRegistry.open(Transport.WEBSOCKET) == 0);
        }
    }

    @Test
    void clientThatAnswersPingsStaysConnected() {
        try (TestServer impatient = TestServer.with(Map.of("heartbeat", "50ms", "read-timeout", "200ms"));
                RawSocket alive = RawSocket.ready(impatient)) {
            for (int ping = 0; ping < 10; ping++) {
                RawSocket.Received received = alive.receive();
                assertThat(received.kind()).isEqualTo(RawSocket.PING);
                alive.frame(RawSocket.PONG, received.payload());
            }
        }
    }

    /**
     * The responses to small frames are small packets, which take many times their bytes in the receiving kernel. The
     * client's kernel drops some of them, with acknowledgements of the client's own bytes, and resends at growing
     * pauses. So the responses are as large as possible, and the test waits for a flood that pauses.
     */
    @ParameterizedTest
    @ValueSource(ints = {RawSocket.PING, RawSocket.TEXT})
    @Timeout(90)
    void clientThatSendsPingsWithoutReadingIsDisconnected(int kind) {
        byte[] ping = kind == RawSocket.PING
                ? new byte[125]
                : ("{\"type\":\"ping\",\"payload\":{\"p\":\"" + "x".repeat(4_000) + "\"}}").getBytes(UTF_8);
        try (TestServer own = TestServer.start();
                RawSocket flooding =
                        RawSocket.open(own, "graphql-transport-ws", TAKEN).initialised()) {
            Thread.ofVirtual().start(() -> flood(flooding, kind, ping));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> own.connectionRegistry.open(Transport.WEBSOCKET) == 0);
        }
    }

    private static void flood(RawSocket socket, int kind, byte[] payload) {
        try {
            while (true) {
                socket.frame(kind, payload);
            }
        } catch (UncheckedIOException cutOff) {
            // That is what the test waits for.
        }
    }
}
