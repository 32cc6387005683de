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
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.graphql.execution.ErrorType;
import org.springframework.graphql.observation.ExecutionRequestObservationContext;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

/**
 * Times each operation of another fast path, and makes a span of it where traces are collected, as Spring GraphQL's
 * {@link org.springframework.graphql.observation.GraphQlObservationInstrumentation} does for executed operations. Both
 * share one meter and one kind of span. A subscription's timer and span end when the subscription has started.
 *
 * <p>The timer is separate from the observation, which would build and look up its labels for each operation.
 */
final class ObservedFastPath implements FastPath {
    private static final String NAME = "graphql.request";
    private static final ExecutionId EXECUTION = ExecutionId.from("fast path");

    private final FastPath fastPath;
    private final MeterRegistry meters;
    private final SpanObservations spans;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    /** The properties that determine a timer's labels. */
    private record Kind(
            OperationDefinition.Operation type,
            Outcome outcome,
            @Nullable Class<?> failure) {}

    /**
     * The outcomes of Spring's {@link
     * org.springframework.graphql.observation.DefaultExecutionRequestObservationConvention}.
     */
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
            return answer == null ? null : new Observed(answer, definition, invocation.body());
        };
    }

    private static ExecutionRequestObservationContext observationContext(
            OperationDefinition definition, GraphQlRequestBody body) {
        var context = new ExecutionRequestObservationContext(ExecutionInput.newExecutionInput(body.query())
                .executionId(EXECUTION)
                .operationName(body.operationName())
                .variables(body.variables())
                .extensions(body.extensions())
                .build());
        context.setExecutionContext(executionContext(definition));
        return context;
    }

    /** The observation reads the operation's type from this context. */
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

    /** A custom operator: {@link Mono#tap} restores thread locals around each signal. */
    private final class Observed extends MonoOperator<ExecutionResult, ExecutionResult> {
        private final OperationDefinition definition;
        private final GraphQlRequestBody body;

        Observed(Mono<ExecutionResult> answer, OperationDefinition definition, GraphQlRequestBody body) {
            super(answer);
            this.definition = definition;
            this.body = body;
        }

        @Override
        public void subscribe(CoreSubscriber<? super ExecutionResult> subscriber) {
            source.subscribe(new Timing(definition, body, subscriber));
        }
    }

    /** Times one operation. It ends once, with its answer, an error or a cancellation, whichever is first. */
    private final class Timing implements CoreSubscriber<ExecutionResult>, Subscription {
        private final CoreSubscriber<? super ExecutionResult> subscriber;
        private final OperationDefinition.Operation type;
        private final long startNanos = System.nanoTime();
        private final Observation span;
        private final Context context;
        private final AtomicBoolean ended = new AtomicBoolean();
        private @Nullable Subscription answer;

        Timing(
                OperationDefinition definition,
                GraphQlRequestBody body,
                CoreSubscriber<? super ExecutionResult> subscriber) {
            this.subscriber = subscriber;
            this.type = definition.getOperation();
            this.span = spans.start(NAME, () -> observationContext(definition, body), subscriber.currentContext());
            this.context = SpanObservations.in(subscriber.currentContext(), span);
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            answer = subscription;
            subscriber.onSubscribe(this);
        }

        @Override
        public void onNext(ExecutionResult result) {
            end(Outcome.of(result), result, null);
            subscriber.onNext(result);
        }

        @Override
        public void onError(Throwable failure) {
            end(Outcome.INTERNAL_ERROR, null, failure.getClass());
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }

        @Override
        public void request(long count) {
            Objects.requireNonNull(answer).request(count);
        }

        /** A client that disconnects is not a failure; graphql-java, too, completes its operation without errors. */
        @Override
        public void cancel() {
            end(Outcome.SUCCESS, null, null);
            Objects.requireNonNull(answer).cancel();
        }

        private void end(Outcome outcome, @Nullable ExecutionResult result, @Nullable Class<?> failure) {
            if (ended.getAndSet(true)) {
                return;
            }
            timers.computeIfAbsent(new Kind(type, outcome, failure), ObservedFastPath.this::timer)
                    .record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
            if (result != null && span.getContext() instanceof ExecutionRequestObservationContext observed) {
                observed.setExecutionResult(result);
            }
            span.stop();
        }
    }
}
