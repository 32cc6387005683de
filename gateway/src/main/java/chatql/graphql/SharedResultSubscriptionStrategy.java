package chatql.graphql;

import chatql.graphql.transport.execution.EventSubscriptionStrategy;
import graphql.ExecutionResult;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.ExecutionContext;
import graphql.execution.ExecutionStrategyParameters;
import graphql.normalized.ExecutableNormalizedOperation;
import graphql.normalized.ExecutableNormalizedOperationFactory;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Executes each event of a subscription once for all who chose the same fields of the same message. A message's fields
 * are plain values, so that to execute each of them anew, for each message and each subscriber, would give the same
 * bytes at many times the cost. Where anything else is asked for, it is executed as usual.
 */
final class SharedResultSubscriptionStrategy extends EventSubscriptionStrategy {
    SharedResultSubscriptionStrategy(DataFetcherExceptionHandler failures) {
        super(failures);
    }

    @Override
    protected Function<Object, Mono<ExecutionResult>> result(
            ExecutionContext context, ExecutionStrategyParameters parameters) {
        return FieldSelection.of(operation(context))
                .map(SharedResultSubscriptionStrategy::shared)
                .orElseGet(() -> super.result(context, parameters));
    }

    private static Function<Object, Mono<ExecutionResult>> shared(FieldSelection fieldSelection) {
        return message -> Mono.just(((MessageView) message).told(fieldSelection));
    }

    /** Not the context's own, which would be kept for as long as the subscription lives. */
    private static ExecutableNormalizedOperation operation(ExecutionContext context) {
        return ExecutableNormalizedOperationFactory.createExecutableNormalizedOperation(
                context.getGraphQLSchema(),
                context.getOperationDefinition(),
                context.getFragmentsByName(),
                context.getCoercedVariables());
    }
}
