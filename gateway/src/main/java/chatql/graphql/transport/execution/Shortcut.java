package chatql.graphql.transport.execution;

import chatql.graphql.transport.request.EventIds;
import graphql.ExecutionResult;
import graphql.language.Document;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Knows of some operations how to answer them without executing them, to the same bytes. */
public interface Shortcut {
    /** Knows none. */
    Shortcut NONE = (document, operation) -> null;

    /** How one operation is answered. */
    @FunctionalInterface
    interface Way {
        /**
         * The answer, which finds the caller in its subscriber's context; null where only execution gives it. Nothing was
         * done then.
         */
        @Nullable
        Mono<ExecutionResult> answer(Asked asked);
    }

    /**
     * One operation.
     *
     * @param ids of its events, if it is a subscription
     * @param lastEventId the id of the last event that the client saw before it came back, if it said so
     */
    record Asked(
            Map<String, Object> variables,
            EventIds ids,
            @Nullable String lastEventId) {}

    /**
     * How the operation of that name is answered; null where only execution can.
     *
     * @param document is good by the schema and by the limits
     */
    @Nullable
    Way of(Document document, @Nullable String operation);

    /** Knows what either of them knows. */
    default Shortcut or(Shortcut other) {
        return (document, operation) -> {
            Way way = of(document, operation);
            return way == null ? other.of(document, operation) : way;
        };
    }
}
