package chatql;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that traces its own requests. */
record Traced(String trace, String span, String flags) {
    static final String SEND = "mutation Send($to: String!, $content: String!) {"
            + " createMessage(senderId: \"anna\", recipientId: $to, content: $content) { success errors message { id } } }";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();

    static Traced sampled() {
        return new Traced(random(16), random(8), "01");
    }

    static Traced unsampled() {
        return new Traced(random(16), random(8), "00");
    }

    private static String random(int bytes) {
        byte[] id = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(id);
        id[0] |= 1;
        return HexFormat.of().formatHex(id);
    }

    String parent() {
        return "00-" + trace + "-" + span + "-" + flags;
    }

    JsonNode post(Pod pod, String document, Map<String, ?> variables) throws Exception {
        return post(pod.uri().resolve("/graphql"), Map.of("query", document, "variables", variables));
    }

    JsonNode post(URI uri, Map<String, ?> body) throws Exception {
        var request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer token-secret")
                .header("traceparent", parent())
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        return JSON.readTree(
                HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    /** The id of the message that was sent. */
    String send(Pod pod, String to, String content) throws Exception {
        return id(post(pod, SEND, Map.of("to", to, "content", content)));
    }

    private static String id(JsonNode answer) {
        return answer.at("/data/createMessage/message/id").stringValue();
    }

    /**
     * Sends over a WebSocket whose handshake belongs to another trace. Returns the WebSocket, still open, after the
     * response.
     */
    WebSocket sendBySocket(Pod pod, Traced handshake, String to, String content) throws Exception {
        var acknowledged = new CompletableFuture<Void>();
        var answer = new CompletableFuture<JsonNode>();
        String operation = JSON.writeValueAsString(Map.of(
                "type",
                "subscribe",
                "id",
                "1",
                "payload",
                Map.of(
                        "query",
                        SEND,
                        "variables",
                        Map.of("to", to, "content", content),
                        "extensions",
                        Map.of("traceparent", parent()))));
        WebSocket socket = HTTP.newWebSocketBuilder()
                .subprotocols("graphql-transport-ws")
                .header("traceparent", handshake.parent())
                .buildAsync(
                        URI.create(pod.uri().resolve("/graphql").toString().replace("http:", "ws:")),
                        new Answering(acknowledged, answer))
                .get(10, TimeUnit.SECONDS);
        // One after the other: the client rejects a text while it still sends another.
        socket.sendText("{\"type\":\"connection_init\"}", true).get(10, TimeUnit.SECONDS);
        acknowledged.get(10, TimeUnit.SECONDS);
        socket.sendText(operation, true).get(10, TimeUnit.SECONDS);
        answer.get(10, TimeUnit.SECONDS);
        return socket;
    }

    private record Answering(CompletableFuture<Void> acknowledged, CompletableFuture<JsonNode> answer)
            implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            JsonNode message = JSON.readTree(text.toString());
            switch (message.get("type").stringValue()) {
                case "connection_ack" -> acknowledged.complete(null);
                case "next" -> answer.complete(message.get("payload"));
                default -> {}
            }
            socket.request(1);
            return null;
        }
    }
}
