package chatql.graphql.transport.request;

import graphql.ExecutionResult;
import graphql.GraphQLError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event's result for one subscriber, with the event, which has its id and what its delivery is measured by.
 *
 * @param result subscribers with the same selection may share it
 */
public record EventResult(ExecutionResult result, SubscriptionEvent<?> event) implements ExecutionResult {

    /** A result with its event; where it has none, the event has only a payload. */
    public static EventResult of(ExecutionResult result) {
        return result instanceof EventResult eventResult
                ? eventResult
                : new EventResult(result, SubscriptionEvent.unnamed(result));
    }

    @Override
    public List<GraphQLError> getErrors() {
        return result.getErrors();
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as graphql-java declares it
    public <T> @Nullable T getData() {
        return result.getData();
    }

    @Override
    public boolean isDataPresent() {
        return result.isDataPresent();
    }

    @Override
    public @Nullable Map<Object, Object> getExtensions() {
        return result.getExtensions();
    }

    @Override
    public Map<String, Object> toSpecification() {
        return result.toSpecification();
    }

    /** Omits the data, which has what users wrote. */
    @Override
    public String toString() {
        return "EventResult[" + event + "]";
    }
}
