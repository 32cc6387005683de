package chatql.graphql.transport;

import graphql.ExecutionResult;
import graphql.GraphQLError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operation's messages as graphql-transport-ws words them, each with the operation's id. */
record SocketWording(Json json, String id) implements Wording {

    @Override
    public byte[] next(ExecutionResult result, @Nullable String eventId) {
        return json.write(Map.of("id", id, "type", "next", "payload", result.toSpecification()));
    }

    @Override
    public byte[] complete() {
        return json.write(Map.of("id", id, "type", "complete"));
    }

    @Override
    public byte[] error(List<GraphQLError> errors) {
        List<Map<String, Object>> payload =
                errors.stream().map(GraphQLError::toSpecification).toList();
        return json.write(Map.of("id", id, "type", "error", "payload", payload));
    }
}
