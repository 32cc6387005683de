package chatql.graphql.transport.request;

import graphql.ExecutionResult;
import graphql.ExecutionResultImpl;
import graphql.GraphQLError;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event's result for one subscriber, with the event, which has its id and what its delivery is measured by.
 *
 * @param result subscribers with the same selection may share it
 */
public record EventResult(ExecutionResult result, SubscriptionEvent<?> event) implements ExecutionResult {

    /**
     * The result of an event that has only an id: the subscription's field is null, and the extension {@code cursor} is
     * the id.
     *
     * @param key the response key of the subscription's field
     */
    public static EventResult ofPosition(String key, SubscriptionEvent<?> event) {
        var result = ExecutionResultImpl.newExecutionResult()
                .data(Collections.singletonMap(key, null))
                .addExtension("cursor", event.id())
                .build();
        return new EventResult(result, event);
    }

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
