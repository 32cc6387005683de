package chatql.graphql.transport;

import graphql.parser.ParserOptions;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client's message as graphql-transport-ws defines them; what isn't one of these closes the socket with 4400. */
sealed interface Frame {

    record Init(Map<String, Object> payload) implements Frame {}

    record Subscribe(String id, OperationBody operation) implements Frame {}

    record Complete(String id) implements Frame {}

    record Ping(@Nullable Map<String, Object> payload) implements Frame {}

    record Pong() implements Frame {}

    /** The message that {@code text} is, or a {@link Refusal} that says why it is none. */
    static Frame read(Json json, ParserOptions parser, byte[] text) {
        Map<String, Object> message = json.readObject(text, StandardCharsets.UTF_8, "A message");
        Object type = message.get("type");
        if (!(type instanceof String name)) {
            throw Refusal.badRequest("A message has a type");
        }
        return switch (name) {
            case "connection_init" -> new Init(payloadOr(message, Map.of()));
            case "subscribe" -> new Subscribe(id(message), new OperationBody(payload(message), parser));
            case "complete" -> new Complete(id(message));
            case "ping" -> new Ping(message.get("payload") == null ? null : payload(message));
            case "pong" -> pong(message);
            default -> throw Refusal.badRequest("No message of a client has this type");
        };
    }

    private static Pong pong(Map<String, Object> message) {
        payloadOr(message, Map.of());
        return new Pong();
    }

    private static String id(Map<String, Object> message) {
        if (message.get("id") instanceof String id && !id.isEmpty()) {
            return id;
        }
        throw Refusal.badRequest("This message has an id, a string that is not empty");
    }

    private static Map<String, Object> payload(Map<String, Object> message) {
        return Json.object(message.get("payload"), "payload");
    }

    private static Map<String, Object> payloadOr(Map<String, Object> message, Map<String, Object> absent) {
        return message.get("payload") == null ? absent : payload(message);
    }
}
