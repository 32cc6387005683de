package chatql.graphql.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.graphql.transport.RawSocket;
import chatql.graphql.transport.TestServer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.graphql.server.WebGraphQlRequest;
import org.springframework.graphql.server.WebGraphQlResponse;
import org.springframework.graphql.server.WebSocketGraphQlInterceptor;
import org.springframework.graphql.server.WebSocketGraphQlRequest;
import org.springframework.graphql.server.WebSocketSessionInfo;
import reactor.core.publisher.Mono;

/** The calls of an interceptor during the life of a WebSocket. */
@Timeout(20)
class WebSocketInitTest {

    private static class Recording implements WebSocketGraphQlInterceptor {
        final CompletableFuture<String> cancelled = new CompletableFuture<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        final CompletableFuture<Map<String, Object>> kept = new CompletableFuture<>();

        @Override
        public Mono<Object> handleConnectionInitialization(WebSocketSessionInfo session, Map<String, Object> payload) {
            session.getAttributes().put("who", payload.getOrDefault("who", "nobody"));
            return switch (String.valueOf(payload.get("who"))) {
                case "eve" -> Mono.error(new IllegalArgumentException("a secret"));
                case "slow" -> Mono.never();
                default -> Mono.justOrEmpty(payload.get("answer"));
            };
        }

        @Override
        public Mono<Void> handleCancelledSubscription(WebSocketSessionInfo session, String id) {
            cancelled.complete(session.getAttributes().get("who") + " " + id);
            return Mono.empty();
        }

        @Override
        public void handleConnectionClosed(WebSocketSessionInfo session, int code, Map<String, Object> payload) {
            closed.complete(code);
            kept.complete(payload);
        }
    }

    private final Recording interceptor = new Recording();

    @Test
    void interceptorErrorClosesSocketWith4403() {
        try (TestServer server = TestServer.start(interceptor);
                RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
            socket.send("{'type':'connection_init','payload':{'who':'eve'}}");

            assertThat(socket.closed()).isEqualTo("4403 Forbidden");
        }
    }

    @Test
    void interceptorExceptionClosesSocketWith4403() {
        WebSocketGraphQlInterceptor throwing = new WebSocketGraphQlInterceptor() {
            @Override
            public Mono<Object> handleConnectionInitialization(
                    WebSocketSessionInfo session, Map<String, Object> payload) {
                throw new IllegalStateException("a secret");
            }
        };
        try (TestServer server = TestServer.start(throwing);
                RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
            socket.send("{'type':'connection_init'}");

            assertThat(socket.closed()).isEqualTo("4403 Forbidden");
        }
    }

    @Test
    void interceptorValueIsPayloadOfAck() {
        try (TestServer server = TestServer.start(interceptor);
                RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
            socket.send("{'type':'connection_init','payload':{'answer':{'a':1}}}");

            assertThat(socket.message()).isEqualTo("{\"type\":\"connection_ack\",\"payload\":{\"a\":1}}");
        }
    }

    @Test
    void secondInitOrSubscribeDuringPendingInitIsRejected() {
        try (TestServer server = TestServer.start(interceptor);
                RawSocket hasty = RawSocket.open(server, "graphql-transport-ws");
                RawSocket twice = RawSocket.open(server, "graphql-transport-ws")) {
            hasty.send("{'type':'connection_init','payload':{'who':'slow'}}");
            hasty.subscribe("q", "{ hello }");
            twice.send("{'type':'connection_init','payload':{'who':'slow'}}");
            twice.send("{'type':'connection_init','payload':{'who':'slow'}}");

            assertThat(hasty.closed()).isEqualTo("4401 Unauthorized");
            assertThat(twice.closed()).isEqualTo("4429 Too many initialisation requests");
        }
    }

    @Test
    void interceptorIsNotifiedOfCancelledOperationsAndClosedSockets() throws Exception {
        try (TestServer server = TestServer.start(interceptor);
                RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
            socket.send("{'type':'connection_init','payload':{'who':'ann'}}");
            socket.message();
            socket.subscribe("s", "subscription { silent }");
            socket.send("{'type':'complete','id':'s'}");
            socket.frame(RawSocket.CLOSE, new byte[] {0x03, (byte) 0xE8});

            assertThat(interceptor.cancelled.get(5, TimeUnit.SECONDS)).isEqualTo("ann s");
            assertThat(interceptor.closed.get(5, TimeUnit.SECONDS)).isEqualTo(1000);
        }
    }

    @Test
    void tokenOfInitPayloadIsNotKept() throws Exception {
        try (TestServer server = TestServer.start(interceptor);
                RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
            socket.send("{'type':'connection_init','payload':{'who':'ann','Authorization':'Bearer token'}}");
            socket.message();
            socket.frame(RawSocket.CLOSE, new byte[] {0x03, (byte) 0xE8});

            assertThat(interceptor.kept.get(5, TimeUnit.SECONDS)).isEqualTo(Map.of("who", "ann"));
        }
    }

    @Test
    void reactorContextOfFilterReachesSubscription() {
        try (TestServer server = TestServer.start();
                RawSocket socket = RawSocket.ready(server)) {
            socket.subscribe("s", "subscription { filtered }");

            assertThat(socket.message()).contains("{\"data\":{\"filtered\":\"was here\"}}");
        }
    }

    @Test
    void operationRequestHasSessionInfoOfItsSocket() {
        WebSocketGraphQlInterceptor asking = new Recording() {
            @Override
            public Mono<WebGraphQlResponse> intercept(WebGraphQlRequest request, Chain chain) {
                WebSocketGraphQlRequest socketRequest = (WebSocketGraphQlRequest) request;
                assertThat(socketRequest.getId()).isEqualTo("q");
                assertThat(socketRequest.getSessionInfo().getAttributes()).containsEntry("who", "ann");
                assertThat(socketRequest.getHeaders().getFirst("Host")).isEqualTo("localhost");
                return chain.next(request);
            }
        };
        try (TestServer server = TestServer.start(asking);
                RawSocket socket = RawSocket.open(server, "graphql-transport-ws")) {
            socket.send("{'type':'connection_init','payload':{'who':'ann'}}");
            socket.message();
            socket.subscribe("q", "{ hello }");

            assertThat(socket.message()).contains("{\"data\":{\"hello\":\"hello\"}}");
        }
    }
}
