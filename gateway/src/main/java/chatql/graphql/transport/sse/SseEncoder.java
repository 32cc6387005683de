package chatql.graphql.transport.sse;

import chatql.graphql.transport.connection.OperationEncoder;
import chatql.graphql.transport.execution.SharedResult;
import chatql.graphql.transport.request.Json;
import graphql.ExecutionResult;
import graphql.GraphQLError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encodes one operation's events by GraphQL over SSE, in its distinct connections mode. */
public record SseEncoder(Json json) implements OperationEncoder {

    /** A comment, which only shows that the stream is alive. */
    static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    // The empty data line makes a browser's EventSource dispatch the event at all.
    private static final byte[] COMPLETE = "event: complete\ndata:\n\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public byte[] next(ExecutionResult result, @Nullable String eventId) {
        byte[] data = result instanceof SharedResult sharedResult
                ? sharedResult.json(json)
                : json.write(result.toSpecification());
        return event(eventId == null ? "" : "id: " + eventId + "\n", data);
    }

    @Override
    public byte[] complete() {
        return COMPLETE;
    }

    @Override
    public byte[] error(List<GraphQLError> errors) {
        List<Map<String, Object>> content =
                errors.stream().map(GraphQLError::toSpecification).toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(event("", json.write(Map.of("errors", content))));
        bytes.writeBytes(COMPLETE);
        return bytes.toByteArray();
    }

    private static byte[] event(String idLine, byte[] data) {
        ByteArrayOutputStream event = new ByteArrayOutputStream(data.length + 64);
        event.writeBytes(("event: next\n" + idLine + "data: ").getBytes(StandardCharsets.UTF_8));
        event.writeBytes(data);
        event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return event.toByteArray();
    }
}
