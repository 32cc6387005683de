package chatql.graphql.transport.execution;

import chatql.graphql.transport.request.GraphQlRequestBody;
import graphql.ExecutionResult;
import graphql.language.Document;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Answers some operations without executing them, with identical output. */
public interface FastPath {
    /** Answers no operation. */
    FastPath NONE = (document, operation) -> null;

    /** Answers one operation, with different variables each time. */
    @FunctionalInterface
    interface CompiledOperation {
        /**
         * The answer, which takes the caller from its subscriber's context; null where the operation must be executed.
         * In that case, nothing was done yet.
         */
        @Nullable
        Mono<ExecutionResult> answer(Invocation invocation);
    }

    /**
     * One invocation of an operation.
     *
     * @param lastEventId the id of the last event that the client received before it reconnected, if it sent one
     */
    record Invocation(GraphQlRequestBody body, @Nullable String lastEventId) {
        public Map<String, Object> variables() {
            return body.variables();
        }
    }

    /**
     * Compiles the operation of that name; null where the operation must be executed.
     *
     * @param document is valid by the schema and within the limits
     */
    @Nullable
    CompiledOperation of(Document document, @Nullable String operation);

    /** Answers the operations that this fast path or the other one answers. */
    default FastPath or(FastPath other) {
        return (document, operation) -> {
            CompiledOperation compiledOperation = of(document, operation);
            return compiledOperation == null ? other.of(document, operation) : compiledOperation;
        };
    }
}
