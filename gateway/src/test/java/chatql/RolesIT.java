package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;

/** Pods of one role each. */
@ExtendWith(KafkaBroker.class)
class RolesIT {
    @Test
    void edgeSendsAndDeliversWithoutHistoryAndResumesWithIt() throws Exception {
        int port = World.freePort();
        try (var world = new World()) {
            Chat edge = world.pod("edge", "chatql.roles=edge", "chatql.history.url=http://127.0.0.1:" + port)
                    .chat();
            edge.send("anna", "ben", "0");
            try (Following live = edge.follow("ben", null);
                    Following resuming = edge.follow("ben", "earliest")) {
                await("a live subscription").until(() -> {
                    edge.send("anna", "ben", "ping");
                    return live.count() > 0;
                });
                int count = live.count();
                edge.send("anna", "ben", "1");
                live.await(count + 1);

                JsonNode page = edge.page(Map.of("userId", "ben"));
                assertThat(page.get("success").booleanValue()).isFalse();
                assertThat(page.get("errors").get(0).stringValue()).isEqualTo("History is moving, try again");
                JsonNode user = edge.createUser("ben");
                assertThat(user.get("success").booleanValue()).isFalse();
                assertThat(user.get("errors").get(0).stringValue()).isEqualTo("Users are not available now, try again");
                assertThat(resuming.count()).isZero();
                assertThat(resuming.end()).isNull();

                world.pod("history", "chatql.roles=history", "server.port=" + port);

                String cursor = edge.send("anna", "ben", "2").get("cursor").stringValue();
                await("a response of history")
                        .atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(edge.page(Map.of("userId", "ben", "last", 2, "atLeast", cursor))
                                        .get("success")
                                        .booleanValue())
                                .isTrue());
                assertThat(edge.userId("ben").isNull())
                        .as("no name was claimed")
                        .isTrue();
                assertThat(edge.createUser("ben").get("user").get("userId").stringValue())
                        .isEqualTo("1");
                assertThat(edge.userId("ben").stringValue()).isEqualTo("1");
                await("the resumed subscription")
                        .atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(resuming.contents()).endsWith("1", "2"));
                assertThat(resuming.contents())
                        .startsWith("0")
                        .endsWith(live.contents().toArray(String[]::new));
            }
        }
    }

    @Test
    void edgeQueryReachesOwnerAndHistoryPodsServeNoClients() throws Exception {
        try (var world = new World()) {
            Pod first = world.pod("first", "chatql.roles=history");
            world.pod("second", "chatql.roles=history");
            Chat edge = world.pod("edge", "chatql.roles=edge", "chatql.history.url=" + first.uri())
                    .chat();

            for (int i = 0; i < 20; i++) {
                edge.send("anna", "user" + i, "m" + i);
                JsonNode page = edge.page(Map.of("userId", "user" + i));
                assertThat(page.get("messages").get(0).get("content").stringValue())
                        .isEqualTo("m" + i);
            }
            assertThat(edge.createUser("anna").get("user").get("userId").stringValue())
                    .isEqualTo("1");
            assertThat(edge.page(Map.of("userId", "anna")).get("messages")).hasSize(20);
            HttpResponse<Void> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(first.uri().resolve("/graphql?query=%7Bhello%7D"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void peerRequestCarriesCallersCredentials() throws Exception {
        var shown = new CopyOnWriteArrayList<String>();
        DisposableServer history = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    shown.add(request.uri() + " " + request.requestHeaders().get("Authorization"));
                    return response.status(504).send();
                })
                .bindNow();
        try (var world = new World()) {
            URI edge = world.pod("edge", "chatql.roles=edge", "chatql.history.url=http://127.0.0.1:" + history.port())
                    .chat()
                    .uri();

            byHttp(edge, "Bearer one");
            byWebSocket(edge, "Bearer two");

            assertThat(shown).containsExactly("/peer/any/timeline Bearer one", "/peer/any/timeline Bearer two");
        } finally {
            history.disposeNow();
        }
    }

    private static final String QUERY = "{\"query\":\"{messages(userId:\\\"ben\\\"){success errors}}\"}";

    private static void byHttp(URI edge, String authorization) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(edge)
                                .header("Authorization", authorization)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(QUERY))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).contains("History has not caught up");
    }

    private static void byWebSocket(URI edge, String authorization) {
        var frames = new CopyOnWriteArrayList<String>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", authorization)
                .subprotocols("graphql-transport-ws")
                .buildAsync(URI.create(edge.toString().replace("http:", "ws:")), new WebSocket.Listener() {
                    @Override
                    public java.util.concurrent.CompletionStage<?> onText(
                            WebSocket webSocket, CharSequence data, boolean last) {
                        frames.add(data.toString());
                        webSocket.request(1);
                        return null;
                    }
                })
                .join();
        for (String frame : List.of(
                "{\"type\":\"connection_init\"}", "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":" + QUERY + "}")) {
            int before = frames.size();
            socket.sendText(frame, true).join();
            await().until(() -> frames.size() > before);
        }

        assertThat(frames).anyMatch(frame -> frame.contains("History has not caught up"));
        socket.abort();
    }
}
