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
 * Executes subscriptions whose field gives {@link SubscriptionEvent}s, one event at a time and in order: each {@link
 * EventResult} carries the event that it is of. Events are asked for as results are.
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
                        ? results(events.getUpstreamPublisher(), result(context, parameters))
                        : result);
    }

    private static ExecutionResult results(Publisher<Object> given, Function<Object, Mono<ExecutionResult>> execution) {
        Flux<ExecutionResult> results = Flux.from(given)
                .map(SubscriptionEvent::of)
                .concatMap(event -> execution.apply(event.payload()).map(result -> new EventResult(result, event)), 0);
        return new ExecutionResultImpl(results, null);
    }

    /** How the result for one payload is made. */
    protected Function<Object, Mono<ExecutionResult>> result(
            ExecutionContext context, ExecutionStrategyParameters parameters) {
        return payload -> Mono.fromFuture(() -> new OneEvent(failures, payload).execute(context, parameters))
                .flatMap(OneEvent::only);
    }

    /** What graphql-java makes of a subscription with that one event. */
    private static final class OneEvent extends SubscriptionExecutionStrategy {
        private final Object payload;

        OneEvent(DataFetcherExceptionHandler failures, Object payload) {
            super(failures);
            this.payload = payload;
        }

        /** Of the subscription's own field: those of the payload are fetched by another strategy. */
        @Override
        protected Object fetchField(ExecutionContext context, ExecutionStrategyParameters parameters) {
            return Mono.just(payload);
        }

        static Mono<ExecutionResult> only(ExecutionResult result) {
            return result.getData() instanceof SubscriptionPublisher events ? Mono.from(events) : Mono.just(result);
        }
    }
}
