package chatql.graphql;

import chatql.tracing.SpanHandler;
import graphql.ExecutionResult;
import graphql.GraphQLError;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.execution.ErrorType;
import org.springframework.graphql.observation.ExecutionRequestObservationContext;

/**
 * Operations, whatever brings them: a subscription until it has begun. One that comes over HTTP is a part of its request;
 * over a WebSocket, where an operation has no headers, of what its {@code extensions} name.
 */
final class OperationSpans extends SpanHandler<ExecutionRequestObservationContext> {
    private final Propagator propagator;

    OperationSpans(Tracer tracer, Propagator propagator) {
        super(tracer, ExecutionRequestObservationContext.class);
        this.propagator = propagator;
    }

    @Override
    protected Span.Builder begin(ExecutionRequestObservationContext context) {
        Span.Builder span = getParentSpan(context) == null
                ? propagator.extract(context.getExecutionInput().getExtensions(), OperationSpans::text)
                : within(context);
        return span.kind(Span.Kind.SERVER);
    }

    private static @Nullable String text(Map<String, Object> extensions, String name) {
        return extensions.get(name) instanceof String text ? text : null;
    }

    /** Of what the client wrote only what kind of operation it is: names and documents may have anything in them. */
    @Override
    protected void describe(ExecutionRequestObservationContext context, Span span) {
        Optional<String> type = Optional.ofNullable(context.getExecutionContext())
                .map(executed ->
                        executed.getOperationDefinition().getOperation().name().toLowerCase(Locale.ROOT));
        span.name(type.orElse("GraphQL Operation"));
        type.ifPresent(known -> span.tag("graphql.operation.type", known));
        error(context.getExecutionResult()).ifPresent(error -> failed(span, error));
    }

    private static Optional<GraphQLError> error(@Nullable ExecutionResult result) {
        return result == null ? Optional.empty() : result.getErrors().stream().findFirst();
    }

    /** What a client did wrong is no failure of the gateway. */
    private static void failed(Span span, GraphQLError error) {
        if (ErrorType.INTERNAL_ERROR.equals(error.getErrorType())) {
            failed(span, kind(error));
        } else {
            span.tag(ERROR, kind(error));
        }
    }

    private static String kind(GraphQLError error) {
        Map<String, Object> extensions = error.getExtensions();
        return extensions != null && extensions.get("code") instanceof String code
                ? code
                : String.valueOf(error.getErrorType());
    }
}
