package chatql.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of graphql-transport-ws, each under its own name. */
class WebSocketProtocolTest {

    private static final TestServer server = TestServer.start();

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_query_answers_next_then_complete() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("q", "{ hello }");

            assertThat(socket.message())
                    .contains("\"type\":\"next\"", "\"id\":\"q\"", "{\"data\":{\"hello\":\"hello\"}}");
            assertThat(socket.message()).contains("\"type\":\"complete\"", "\"id\":\"q\"");
        }
    }

    @Test
    void a_subscription_answers_each_event_then_complete() {
        try (RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", "subscription { count(to: 3) }");

            assertThat(socket.message()).contains("{\"data\":{\"count\":1}}");
            assertThat(socket.message()).contains("{\"data\":{\"count\":2}}");
            assertThat(socket.message()).contains("{\"data\":{\"count\":3}}");
            assertThat(socket.message()).contains("\"type\":\"complete\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "graphql-ws", "foo, bar", "graphql-transport-ws2"})
    void a_socket_without_the_subprotocol_is_closed_with_4406(String protocol) {
        try (RawSocket socket = RawSocket.open(server, protocol)) {
            assertThat(socket.closed()).isEqualTo("4406 Subprotocol not acceptable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"graphql-transport-ws", "foo, graphql-transport-ws", "foo ,graphql-transport-ws , bar"})
    void the_subprotocol_may_stand_anywhere_in_the_list(String protocol) {
        try (RawSocket socket = RawSocket.open(server, protocol)) {
            assertThat(socket.head).containsIgnoringCase("sec-websocket-protocol: graphql-transport-ws\r\n");
            socket.initialised();
        }
    }
}
