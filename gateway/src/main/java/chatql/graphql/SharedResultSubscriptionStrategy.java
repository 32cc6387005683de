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
 * Executes each event of a subscription once for all subscribers with the same selection of the same message. The
 * fields of a message are plain values, so executing them for each subscriber would give identical output at many times
 * the cost. Any other selection executes as usual.
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
                                .map(fieldSelection -> shared(events, fieldSelection))
                                .orElse(result)
                        : result);
    }

    /**
     * Normalizes the operation anew: graphql-java would keep the context's own for as long as the subscription lives.
     */
    private static ExecutableNormalizedOperation operation(ExecutionContext context) {
        return ExecutableNormalizedOperationFactory.createExecutableNormalizedOperation(
                context.getGraphQLSchema(),
                context.getOperationDefinition(),
                context.getFragmentsByName(),
                context.getCoercedVariables());
    }

    private static ExecutionResult shared(SubscriptionPublisher events, FieldSelection fieldSelection) {
        Publisher<ExecutionResult> results =
                Flux.from(events.getUpstreamPublisher()).map(message -> ((MessageView) message).told(fieldSelection));
        return new ExecutionResultImpl(results, null);
    }
}
