package chatql.graphql.transport.execution;

import chatql.graphql.transport.request.GraphQlRequestBody;
import graphql.ExecutionResult;
import graphql.language.Document;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Knows of some operations how to answer them without executing them, to the same bytes. */
public interface FastPath {
    /** Knows none. */
    FastPath NONE = (document, operation) -> null;

    /** How one operation is answered. */
    @FunctionalInterface
    interface CompiledOperation {
        /**
         * The answer, which finds the caller in its subscriber's context; null where only execution gives it. Nothing was
         * done then.
         */
        @Nullable
        Mono<ExecutionResult> answer(Invocation invocation);
    }

    /**
     * One operation.
     *
     * @param lastEventId the id of the last event that the client saw before it came back, if it said so
     */
    record Invocation(GraphQlRequestBody body, @Nullable String lastEventId) {
        public Map<String, Object> variables() {
            return body.variables();
        }
    }

    /**
     * How the operation of that name is answered; null where only execution can.
     *
     * @param document is good by the schema and by the limits
     */
    @Nullable
    CompiledOperation of(Document document, @Nullable String operation);

    /** Knows what either of them knows. */
    default FastPath or(FastPath other) {
        return (document, operation) -> {
            CompiledOperation compiledOperation = of(document, operation);
            return compiledOperation == null ? other.of(document, operation) : compiledOperation;
        };
    }
}
