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
 * Executes each event of a subscription once for all subscribers with the same selection of the same message. The
 * fields of a message are plain values, so executing them for each subscriber would give identical output at many times
 * the cost. Any other selection executes as usual.
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
        return message -> Mono.just(((MessageView) message).result(fieldSelection));
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
}
