package chatql;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One subscription on its own WebSocket. It records messages, and can stop reading for a while. */
public final class Following implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MAX_SIZE = 2 << 20;
    private static final WebsocketClientSpec PROTOCOL = WebsocketClientSpec.builder()
            .protocols("graphql-transport-ws")
            .handlePing(false)
            .maxFramePayloadLength(MAX_SIZE)
            .build();
    private static final String DOCUMENT =
            "subscription($userId: String, $after: String) { messages(userId: $userId, after: $after) { id cursor content sentAt } }";

    private final Queue<JsonNode> messages = new ConcurrentLinkedQueue<>();
    private final Queue<String> starts = new ConcurrentLinkedQueue<>();
    private final AtomicReference<JsonNode> end = new AtomicReference<>();
    private final AtomicReference<Integer> closed = new AtomicReference<>();
    private volatile long closedAt;
    private final Sinks.Empty<Void> acknowledged = Sinks.empty();
    private final Reader reader = new Reader();
    private final Disposable connection;

    Following(URI uri, @Nullable String authorization, String userId, String after) {
        var variables = new HashMap<String, Object>();
        variables.put("userId", userId);
        variables.put("after", after);
        String init = authorization == null
                ? "{\"type\":\"connection_init\"}"
                : "{\"type\":\"connection_init\",\"payload\":{\"authorization\":\"" + authorization + "\"}}";
        String subscribe = JSON.writeValueAsString(
                Map.of("type", "subscribe", "id", "1", "payload", Map.of("query", DOCUMENT, "variables", variables)));
        connection = HttpClient.create()
                .websocket(PROTOCOL)
                .uri(uri.toString().replace("http:", "ws:"))
                .handle((in, out) -> {
                    in.receiveCloseStatus().subscribe(status -> {
                        closedAt = System.nanoTime();
                        closed.set(status.code());
                    });
                    in.aggregateFrames(MAX_SIZE).receive().asString().subscribe(reader);
                    return out.sendString(Flux.concat(
                                    Mono.just(init), acknowledged.asMono().thenReturn(subscribe), Mono.never()))
                            .then();
                })
                .subscribe(
                        nothing -> {},
                        broken -> closed.compareAndSet(null, 1006),
                        () -> closed.compareAndSet(null, 1006));
    }

    /** Stops reading from the WebSocket until {@link #readOn}. */
    public void pause() {
        reader.paused = true;
    }

    public void readOn() {
        reader.paused = false;
        reader.request(1);
    }

    public List<String> contents() {
        return messages.stream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }

    public List<String> cursors() {
        return messages.stream()
                .map(message -> message.get("cursor").stringValue())
                .toList();
    }

    public int count() {
        return messages.size();
    }

    /** The cursor of the last message; the given one while there is none. */
    public String cursor(String otherwise) {
        return messages.stream()
                .reduce((first, second) -> second)
                .map(message -> message.get("cursor").stringValue())
                .orElse(otherwise);
    }

    /** The cursor of a message, counted from 0. */
    public String cursor(int index) {
        return messages.stream().toList().get(index).get("cursor").stringValue();
    }

    /** Waits for the position at which it starts, which it is told if it is {@code latest}. */
    public String awaitStart() {
        Awaitility.await("the start").pollInterval(Duration.ofMillis(1)).until(() -> !starts.isEmpty());
        return starts.element();
    }

    /** How often it was told a start. */
    public int starts() {
        return starts.size();
    }

    /** The message that ended it: {@code complete} or {@code error}; null while it is live. */
    public JsonNode end() {
        return end.get();
    }

    /** The code with which its WebSocket was closed; null while it is open. */
    public Integer closed() {
        return closed.get();
    }

    /** The moment of its close frame, in the nanoseconds of {@link System#nanoTime}. */
    public long closedAt() {
        return closedAt;
    }

    public Following await(int count) {
        return await(count, Duration.ofSeconds(30));
    }

    public Following await(int count, Duration atMost) {
        Awaitility.await("message " + count)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(5))
                .until(this::count, received -> received >= count);
        return this;
    }

    public JsonNode awaitEnd() {
        Awaitility.await("the end of the subscription")
                .atMost(Duration.ofSeconds(30))
                .until(() -> end() != null);
        return end();
    }

    @Override
    public void close() {
        connection.dispose();
    }

    private final class Reader extends BaseSubscriber<String> {
        private volatile boolean paused;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(1);
        }

        @Override
        protected void hookOnNext(String text) {
            hear(JSON.readTree(text));
            if (!paused) {
                request(1);
            }
        }
    }

    private void hear(JsonNode frame) {
        switch (frame.get("type").stringValue()) {
            case "connection_ack" -> acknowledged.tryEmitEmpty();
            case "next" ->
                hear(frame.get("payload"), frame.get("payload").get("data").get("messages"));
            case "complete", "error" -> end.set(frame);
            default -> {}
        }
    }

    private void hear(JsonNode payload, JsonNode message) {
        if (message.isNull()) {
            starts.add(payload.get("extensions").get("cursor").stringValue());
        } else {
            messages.add(message);
        }
    }
}
