package chatql.graphql.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.TestServer;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of graphql-transport-ws for operations, one test each. */
@Timeout(20)
class WebSocketProtocolTest {

    private static final TestServer server = TestServer.start();

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void queryAnswersNextThenComplete() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("q", "{ hello }");

            assertThat(socket.message())
                    .isEqualTo(json("{'id':'q','type':'next','payload':{'data':{'hello':'hello'}}}"));
            assertThat(socket.message()).isEqualTo(json("{'id':'q','type':'complete'}"));
        }
    }

    @Test
    void mutationAnswersNextThenComplete() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("m", "mutation { touch }");

            assertThat(socket.message()).contains("touched");
            assertThat(socket.message()).isEqualTo(json("{'id':'m','type':'complete'}"));
        }
    }

    @Test
    void subscriptionAnswersEachEventThenComplete() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", "subscription { count(to: 3) }");

            for (int number = 1; number <= 3; number++) {
                assertThat(socket.message()).contains("{\"data\":{\"count\":" + number + "}}");
            }
            assertThat(socket.message()).isEqualTo(json("{'id':'s','type':'complete'}"));
        }
    }

    @Test
    void operationNameAndVariablesAreApplied() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.send(
                    "{'type':'subscribe','id':'p','payload':{'query':'query A { hello } query B($t: String!) { echo(text: $t) }',"
                            + "'operationName':'B','variables':{'t':'😀'},'extensions':{}}}");

            assertThat(socket.message()).contains("{\"data\":{\"echo\":\"😀\"}}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "graphql-ws", "foo, bar", "graphql-transport-ws2"})
    void socketWithoutSubprotocolIsClosedWith4406(String protocol) {
        try (RawSocket socket = RawSocket.open(server, protocol)) {
            assertThat(socket.closed()).isEqualTo("4406 Subprotocol not acceptable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"graphql-transport-ws", "foo, graphql-transport-ws", "foo ,graphql-transport-ws , bar"})
    void subprotocolIsFoundAnywhereInTheList(String protocol) {
        try (RawSocket socket = RawSocket.open(server, protocol)) {
            assertThat(socket.head).containsIgnoringCase("sec-websocket-protocol: graphql-transport-ws\r\n");
            socket.initialised();
        }
    }

    @Test
    void secondInitClosesSocketWith4429() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.send("{'type':'connection_init'}");

            assertThat(socket.closed()).isEqualTo("4429 Too many initialisation requests");
        }
    }

    @Test
    void subscribeBeforeAckClosesSocketWith4401() {
        try (RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
            socket.subscribe("q", "{ hello }");

            assertThat(socket.closed()).isEqualTo("4401 Unauthorized");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscription { silent }", "{ never }", "mutation { never }"})
    void duplicateOperationIdClosesSocketWith4409(String operation) {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("twice", operation);
            socket.subscribe("twice", operation);

            assertThat(socket.closed()).isEqualTo("4409 Subscriber for twice already exists");
        }
    }

    @Test
    void longIdFitsIntoReasonOf4409() {
        String id = "é".repeat(128);
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe(id, "{ never }");
            socket.subscribe(id, "{ never }");

            assertThat(socket.closed()).startsWith("4409 Subscriber for éé");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ hello }", "subscription { count(to: 0) }", "{ nothing }"})
    void idIsReusableAfterItsOperationEnds(String operation) {
        try (RawSocket socket = RawSocket.ready(server)) {
            for (int round = 0; round < 3; round++) {
                socket.subscribe("again", operation);
                while (socket.message().contains("\"next\"")) {}
            }
            socket.send("{'type':'ping'}");

            assertThat(socket.message()).isEqualTo(json("{'type':'pong'}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ nothing }", "{", "query ($x: Int!) { hello }", "subscription { refused }", "", "  "})
    void operationThatFailsToStartSendsErrorOnly(String operation) {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("bad", operation);
            socket.subscribe("good", "{ hello }");

            assertThat(socket.message())
                    .startsWith(json("{'id':'bad','type':'error','payload':[{'message':"))
                    .doesNotContain("secret", "Exception", "graphql.", "java.");
            assertThat(socket.message()).contains("\"good\"");
        }
    }

    @Test
    void failingStreamEndsWithErrorOnly() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("f", "subscription { failing }");

            assertThat(socket.message()).contains("\"next\"");
            assertThat(socket.message())
                    .startsWith(json("{'id':'f','type':'error','payload':["))
                    .doesNotContain("secret", "Exception");
            socket.subscribe("f", "{ hello }");
            assertThat(socket.message()).contains("\"next\"");
        }
    }

    @Test
    void queryWithFailingFieldAnswersNextWithErrors() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("b", "{ broken }");

            assertThat(socket.message()).contains("\"next\"", "\"errors\"").doesNotContain("a secret");
            assertThat(socket.message()).contains("\"complete\"");
        }
    }

    @Test
    void completeCancelsSubscription() {
        int before = server.schema.cancelled.get();
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", "subscription { silent }");
            socket.send("{'type':'complete','id':'s'}");

            Awaitility.await().until(() -> server.schema.cancelled.get() == before + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscription { silent }", "{ slow }", "mutation { slow }"})
    void completedOperationSendsNothingMore(String operation) throws IOException {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", operation);
            socket.send("{'type':'complete','id':'s'}");

            assertThat(socket.hearsNothingFor(Duration.ofMillis(400))).isTrue();
        }
    }

    @Test
    void completeBeforeFirstNextStopsSubscription() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.send("{'type':'subscribe','id':'s','payload':{'query':'subscription { text(size: 1) }'}}");
            socket.send("{'type':'complete','id':'s'}");
            socket.subscribe("last", "mutation { touch }");

            String message = socket.message();
            while (message.contains("\"id\":\"s\"")) {
                assertThat(message).doesNotContain("\"complete\"");
                message = socket.message();
            }
            assertThat(message).contains("\"last\"", "touched");
            assertThat(socket.message()).isEqualTo(json("{'id':'last','type':'complete'}"));
        }
    }

    @Test
    void completeForUnknownIdIsIgnored() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.send("{'type':'complete','id':'nobody'}");
            socket.subscribe("q", "{ hello }");

            assertThat(socket.message()).contains("\"next\"");
        }
    }

    @Test
    void pingIsAnsweredWithItsPayloadEvenBeforeInit() {
        try (RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
            socket.send("{'type':'ping'}");
            socket.send("{'type':'ping','payload':{'a':1}}");
            socket.send("{'type':'pong'}");
            socket.send("{'type':'pong','payload':{'b':2}}");

            assertThat(socket.message()).isEqualTo(json("{'type':'pong'}"));
            assertThat(socket.message()).isEqualTo(json("{'type':'pong','payload':{'a':1}}"));
            socket.initialised();
        }
    }

    @Test
    void socketAnswersAfterThousandSubscriptions() {
        try (RawSocket socket = RawSocket.ready(server)) {
            for (int cycle = 0; cycle < 1_000; cycle++) {
                socket.subscribe("s" + cycle, "subscription { silent }");
                socket.send("{'type':'complete','id':'s" + cycle + "'}");
            }
            for (int ping = 0; ping < 300; ping++) {
                socket.send("{'type':'ping'}");
                assertThat(socket.message()).isEqualTo(json("{'type':'pong'}"));
            }
        }
    }

    @Test
    void operationBeyondHundredIsRejectedOnItsOwnId() {
        try (RawSocket socket = RawSocket.ready(server)) {
            for (int number = 0; number <= 100; number++) {
                socket.subscribe("s" + number, "subscription { silent }");
            }

            assertThat(socket.message()).startsWith(json("{'id':'s100','type':'error'"));
            socket.send("{'type':'complete','id':'s0'}");
            socket.subscribe("s100", "{ hello }");
            assertThat(socket.message()).contains("\"next\"");
        }
    }

    @Test
    void asynchronousFieldKeepsEventOrder() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("t", "subscription { tick { number slowly } }");

            for (int number = 1; number <= 5; number++) {
                assertThat(socket.message()).contains("{\"number\":" + number + ",\"slowly\":" + number + "}");
            }
        }
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
