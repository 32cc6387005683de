package chatql.graphql;

import graphql.ExecutionResult;
import graphql.ExecutionResultImpl;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.ExecutionContext;
import graphql.execution.ExecutionStrategyParameters;
import graphql.execution.SubscriptionExecutionStrategy;
import graphql.execution.reactive.SubscriptionPublisher;
import graphql.normalized.ExecutableNormalizedOperation;
import graphql.normalized.ExecutableNormalizedOperationFactory;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Executes each event of a subscription once for all who chose the same fields of the same message. A message's fields
 * are plain values, so that to execute each of them anew, for each message and each subscriber, would give the same
 * bytes at many times the cost. Where anything else is asked for, it is executed as usual.
 */
final class SharedResultSubscriptionStrategy extends SubscriptionExecutionStrategy {
    SharedResultSubscriptionStrategy(DataFetcherExceptionHandler failures) {
        super(failures);
    }

    @Override
    public CompletableFuture<ExecutionResult> execute(
            ExecutionContext context, ExecutionStrategyParameters parameters) {
        return super.execute(context, parameters)
                .thenApply(result -> result.getData() instanceof SubscriptionPublisher events
                        ? FieldSelection.of(operation(context))
                                .map(fieldSelection -> told(events, fieldSelection))
                                .orElse(result)
                        : result);
    }

    /** Not the context's own, which would be kept for as long as the subscription lives. */
    private static ExecutableNormalizedOperation operation(ExecutionContext context) {
        return ExecutableNormalizedOperationFactory.createExecutableNormalizedOperation(
                context.getGraphQLSchema(),
                context.getOperationDefinition(),
                context.getFragmentsByName(),
                context.getCoercedVariables());
    }

    private static ExecutionResult told(SubscriptionPublisher events, FieldSelection fieldSelection) {
        Publisher<ExecutionResult> told =
                Flux.from(events.getUpstreamPublisher()).map(message -> ((MessageView) message).told(fieldSelection));
        return new ExecutionResultImpl(told, null);
    }
}
