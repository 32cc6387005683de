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
 * Makes a span of each operation on every transport; a subscription's span ends when the subscription has started. Over
 * HTTP, its parent is the span of the request. Over a WebSocket, where an operation has no headers, its {@code
 * extensions} name the parent.
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

    /** Adds only the operation's type: the names and documents that clients write may contain anything. */
    @Override
    protected void describe(ExecutionRequestObservationContext context, Span span) {
        Optional<String> type = Optional.ofNullable(context.getExecutionContext())
                .map(executed ->
                        executed.getOperationDefinition().getOperation().name().toLowerCase(Locale.ROOT));
        span.name(type.orElse("GraphQL Operation"));
        type.ifPresent(name -> span.tag("graphql.operation.type", name));
        error(context.getExecutionResult()).ifPresent(error -> failed(span, error));
    }

    private static Optional<GraphQLError> error(@Nullable ExecutionResult result) {
        return result == null ? Optional.empty() : result.getErrors().stream().findFirst();
    }

    /** Only an internal error fails the span: a client's mistake is not a failure of the gateway. */
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
