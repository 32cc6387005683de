package chatql.graphql.transport.websocket;

import chatql.graphql.transport.connection.OperationEncoder;
import chatql.graphql.transport.execution.SharedResult;
import chatql.graphql.transport.request.Json;
import graphql.ExecutionResult;
import graphql.GraphQLError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encodes one operation's messages by graphql-transport-ws, each with the operation's id. */
public final class GraphQlWsEncoder implements OperationEncoder {

    private final Json json;
    private final String id;
    private volatile byte @Nullable [] head;

    private record Message(String id, String type, Object payload) {}

    private record Ending(String id, String type) {}

    public GraphQlWsEncoder(Json json, String id) {
        this.json = json;
        this.id = id;
    }

    @Override
    public byte[] next(ExecutionResult result, @Nullable String eventId) {
        return result instanceof SharedResult sharedResult
                ? next(sharedResult.json(json))
                : json.write(new Message(id, "next", result.toSpecification()));
    }

    /** Produces identical output, around a payload that is already encoded. */
    private byte[] next(byte[] payload) {
        byte[] head = head();
        byte[] message = Arrays.copyOf(head, head.length + payload.length + 1);
        System.arraycopy(payload, 0, message, head.length, payload.length);
        message[message.length - 1] = '}';
        return message;
    }

    /** The bytes before each payload, encoded for the first one. */
    private byte[] head() {
        byte[] made = head;
        if (made == null) {
            made = ("{\"id\":" + json.text(id) + ",\"type\":\"next\",\"payload\":").getBytes(StandardCharsets.UTF_8);
            head = made;
        }
        return made;
    }

    @Override
    public byte[] complete() {
        return json.write(new Ending(id, "complete"));
    }

    @Override
    public byte[] error(List<GraphQLError> errors) {
        List<Map<String, Object>> payload =
                errors.stream().map(GraphQLError::toSpecification).toList();
        return json.write(new Message(id, "error", payload));
    }
}
