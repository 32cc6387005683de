package chatql.graphql.transport.websocket;

import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.request.RequestRejected;
import graphql.parser.ParserOptions;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client's message of the protocol graphql-transport-ws; any other message closes the WebSocket with 4400. */
sealed interface ClientMessage {

    record Init(Map<String, Object> payload) implements ClientMessage {}

    record Subscribe(String id, GraphQlRequestBody operation) implements ClientMessage {}

    record Complete(String id) implements ClientMessage {}

    record Ping(@Nullable Map<String, Object> payload) implements ClientMessage {}

    record Pong() implements ClientMessage {}

    /** In characters: an operation's id is kept, and sent with each event, for as long as the operation lives. */
    int MAX_ID_LENGTH = 128;

    /** In bytes of {@code connection_init}: it carries a token, which must be short enough for a header, too. */
    int MAX_INIT_SIZE = 16 << 10;

    /** Parses a message. Throws {@link RequestRejected} with the reason where it is invalid. */
    static ClientMessage read(Json json, ParserOptions parser, byte[] text) {
        Map<String, Object> message = json.readObject(text, StandardCharsets.UTF_8, "A message");
        Object type = message.get("type");
        if (!(type instanceof String name)) {
            throw RequestRejected.badRequest("A message needs a type");
        }
        return switch (name) {
            case "connection_init" -> init(message, text.length);
            case "subscribe" -> new Subscribe(id(message), new GraphQlRequestBody(payload(message), parser));
            case "complete" -> new Complete(id(message));
            case "ping" -> new Ping(message.get("payload") == null ? null : payload(message));
            case "pong" -> pong(message);
            default -> throw RequestRejected.badRequest("Unknown message type");
        };
    }

    private static Init init(Map<String, Object> message, int length) {
        if (length > MAX_INIT_SIZE) {
            throw RequestRejected.badRequest("connection_init has at most " + MAX_INIT_SIZE + " bytes");
        }
        return new Init(payloadOr(message, Map.of()));
    }

    private static Pong pong(Map<String, Object> message) {
        payloadOr(message, Map.of());
        return new Pong();
    }

    private static String id(Map<String, Object> message) {
        if (message.get("id") instanceof String id && !id.isEmpty()) {
            if (id.length() > MAX_ID_LENGTH) {
                throw RequestRejected.badRequest("An id has at most " + MAX_ID_LENGTH + " characters");
            }
            return id;
        }
        throw RequestRejected.badRequest("This message needs an id, a non-empty string");
    }

    private static Map<String, Object> payload(Map<String, Object> message) {
        return Json.object(message.get("payload"), "payload");
    }

    private static Map<String, Object> payloadOr(Map<String, Object> message, Map<String, Object> absent) {
        return message.get("payload") == null ? absent : payload(message);
    }
}
