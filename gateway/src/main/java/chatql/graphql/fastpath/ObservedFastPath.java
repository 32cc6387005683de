package chatql.graphql.fastpath;

import chatql.graphql.transport.execution.FastPath;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.tracing.SpanObservations;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.execution.ExecutionContext;
import graphql.execution.ExecutionContextBuilder;
import graphql.execution.ExecutionId;
import graphql.language.Document;
import graphql.language.OperationDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.execution.ErrorType;
import org.springframework.graphql.observation.ExecutionRequestObservationContext;
import reactor.core.observability.DefaultSignalListener;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Times each operation of another fast path, and makes a span of it where traces are collected, as Spring GraphQL's {@link
 * org.springframework.graphql.observation.GraphQlObservationInstrumentation} does for executed operations: one meter and one
 * kind of span for both. A subscription's end when it has begun.
 *
 * <p>The timer is not the observation's: to build and look up its labels for each operation costs 2% of a message.
 */
final class ObservedFastPath implements FastPath {
    private static final String NAME = "graphql.request";
    private static final ExecutionId EXECUTION = ExecutionId.from("fast path");

    private final FastPath fastPath;
    private final MeterRegistry meters;
    private final SpanObservations spans;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    /** What a timer's labels depend on. */
    private record Kind(
            OperationDefinition.Operation type,
            Outcome outcome,
            @Nullable Class<?> failure) {}

    /** Of Spring's {@link org.springframework.graphql.observation.DefaultExecutionRequestObservationConvention}. */
    private enum Outcome {
        SUCCESS,
        REQUEST_ERROR,
        INTERNAL_ERROR;

        static Outcome of(ExecutionResult result) {
            return result.getErrors().isEmpty() ? SUCCESS : ofErrors(result);
        }

        private static Outcome ofErrors(ExecutionResult result) {
            return result.getErrors().stream().anyMatch(error -> ErrorType.INTERNAL_ERROR.equals(error.getErrorType()))
                    ? INTERNAL_ERROR
                    : REQUEST_ERROR;
        }
    }

    ObservedFastPath(FastPath fastPath, MeterRegistry meters, SpanObservations spans) {
        this.fastPath = fastPath;
        this.meters = meters;
        this.spans = spans;
    }

    @Override
    public @Nullable CompiledOperation of(Document document, @Nullable String operation) {
        CompiledOperation compiledOperation = fastPath.of(document, operation);
        return compiledOperation == null ? null : observed(compiledOperation, definition(document, operation));
    }

    private static OperationDefinition definition(Document document, @Nullable String operation) {
        return document.getDefinitionsOfType(OperationDefinition.class).stream()
                .filter(defined -> operation == null || operation.equals(defined.getName()))
                .findFirst()
                .orElseThrow();
    }

    private CompiledOperation observed(CompiledOperation compiledOperation, OperationDefinition definition) {
        return invocation -> {
            Mono<ExecutionResult> answer = compiledOperation.answer(invocation);
            return answer == null
                    ? null
                    : answer.tap(subscriber -> new Timing(definition, invocation.body(), subscriber));
        };
    }

    private static ExecutionRequestObservationContext observed(
            OperationDefinition definition, GraphQlRequestBody body) {
        var observed = new ExecutionRequestObservationContext(ExecutionInput.newExecutionInput(body.query())
                .executionId(EXECUTION)
                .operationName(body.operationName())
                .variables(body.variables())
                .extensions(body.extensions())
                .build());
        observed.setExecutionContext(executionContext(definition));
        return observed;
    }

    /** By which the observation knows what kind of operation it is of. */
    private static ExecutionContext executionContext(OperationDefinition definition) {
        return ExecutionContextBuilder.newExecutionContextBuilder()
                .executionId(EXECUTION)
                .operationDefinition(definition)
                .build();
    }

    private Timer timer(Kind kind) {
        return meters.timer(
                NAME,
                List.of(
                        Tag.of(
                                "error",
                                kind.failure() == null ? "none" : kind.failure().getSimpleName()),
                        Tag.of("graphql.operation.type", kind.type().name().toLowerCase(Locale.ROOT)),
                        Tag.of("graphql.outcome", kind.outcome().name())));
    }

    /** Of one operation. It ends once: Reactor says of one that is answered, too, that it was cancelled afterwards. */
    private final class Timing extends DefaultSignalListener<ExecutionResult> {
        private final OperationDefinition.Operation type;
        private final long begin = System.nanoTime();
        private final Observation span;
        private final AtomicBoolean over = new AtomicBoolean();

        Timing(OperationDefinition definition, GraphQlRequestBody body, ContextView subscriber) {
            this.type = definition.getOperation();
            this.span = spans.start(NAME, () -> observed(definition, body), subscriber);
        }

        @Override
        public Context addToContext(Context context) {
            return SpanObservations.in(context, span);
        }

        @Override
        public void doOnNext(ExecutionResult result) {
            ended(Outcome.of(result), result, null);
        }

        @Override
        public void doOnError(Throwable failure) {
            ended(Outcome.INTERNAL_ERROR, null, failure.getClass());
        }

        /** A client that disconnects is no failure; graphql-java completes its operation without errors, too. */
        @Override
        public void doOnCancel() {
            ended(Outcome.SUCCESS, null, null);
        }

        private void ended(Outcome outcome, @Nullable ExecutionResult result, @Nullable Class<?> failure) {
            if (over.getAndSet(true)) {
                return;
            }
            timers.computeIfAbsent(new Kind(type, outcome, failure), ObservedFastPath.this::timer)
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            if (result != null && span.getContext() instanceof ExecutionRequestObservationContext observed) {
                observed.setExecutionResult(result);
            }
            span.stop();
        }
    }
}
