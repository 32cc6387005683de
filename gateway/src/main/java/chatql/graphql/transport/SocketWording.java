package chatql.graphql.transport;

import graphql.ExecutionResult;
import graphql.GraphQLError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operation's messages as graphql-transport-ws words them, each with the operation's id. */
record SocketWording(Json json, String id) implements Wording {

    private record Message(String id, String type, Object payload) {}

    private record Ending(String id, String type) {}

    @Override
    public byte[] next(ExecutionResult result, @Nullable String eventId) {
        return json.write(new Message(id, "next", result.toSpecification()));
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
