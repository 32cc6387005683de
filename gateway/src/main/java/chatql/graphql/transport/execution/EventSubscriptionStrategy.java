package chatql.graphql.transport.execution;

import chatql.graphql.transport.request.EventResult;
import chatql.graphql.transport.request.SubscriptionEvent;
import graphql.ExecutionResult;
import graphql.ExecutionResultImpl;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.ExecutionContext;
import graphql.execution.ExecutionStrategyParameters;
import graphql.execution.SubscriptionExecutionStrategy;
import graphql.execution.reactive.SubscriptionPublisher;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Executes subscriptions whose field emits {@link SubscriptionEvent}s, one event at a time and in order. Each {@link
 * EventResult} carries its event. The strategy requests an event when its subscriber requests a result.
 */
public class EventSubscriptionStrategy extends SubscriptionExecutionStrategy {
    private final DataFetcherExceptionHandler failures;

    public EventSubscriptionStrategy(DataFetcherExceptionHandler failures) {
        super(failures);
        this.failures = failures;
    }

    @Override
    public final CompletableFuture<ExecutionResult> execute(
            ExecutionContext context, ExecutionStrategyParameters parameters) {
        return super.execute(context, parameters)
                .thenApply(result -> result.getData() instanceof SubscriptionPublisher events
                        ? results(
                                events.getUpstreamPublisher(),
                                parameters.getFields().getKeys().getFirst(),
                                result(context, parameters))
                        : result);
    }

    private static ExecutionResult results(
            Publisher<Object> events, String key, Function<Object, Mono<ExecutionResult>> execution) {
        Flux<ExecutionResult> results =
                Flux.from(events).map(SubscriptionEvent::of).concatMap(event -> result(event, key, execution), 0);
        return new ExecutionResultImpl(results, null);
    }

    private static Mono<EventResult> result(
            SubscriptionEvent<?> event, String key, Function<Object, Mono<ExecutionResult>> execution) {
        Object payload = event.payload();
        return payload == null
                ? Mono.just(EventResult.ofPosition(key, event))
                : execution.apply(payload).map(result -> new EventResult(result, event));
    }

    /** Returns the function that produces a payload's result. */
    protected Function<Object, Mono<ExecutionResult>> result(
            ExecutionContext context, ExecutionStrategyParameters parameters) {
        return payload -> Mono.fromFuture(() -> new OneEvent(failures, payload).execute(context, parameters))
                .flatMap(OneEvent::single);
    }

    /** Executes a subscription with a single event by graphql-java. */
    private static final class OneEvent extends SubscriptionExecutionStrategy {
        private final Object payload;

        OneEvent(DataFetcherExceptionHandler failures, Object payload) {
            super(failures);
            this.payload = payload;
        }

        /** Fetches the subscription's own field: another strategy fetches the fields of the payload. */
        @Override
        protected Object fetchField(ExecutionContext context, ExecutionStrategyParameters parameters) {
            return Mono.just(payload);
        }

        static Mono<ExecutionResult> single(ExecutionResult result) {
            return result.getData() instanceof SubscriptionPublisher events ? Mono.from(events) : Mono.just(result);
        }
    }
}
