package chatql.graphql.fastpath;

import chatql.graphql.DataFetcherErrors;
import chatql.graphql.FieldSelection;
import chatql.graphql.MessageController;
import chatql.graphql.fastpath.SimpleOperation.NotSimple;
import chatql.graphql.transport.execution.FastPath;
import chatql.graphql.transport.request.EventResult;
import graphql.ExecutionResult;
import graphql.ExecutionResultImpl;
import graphql.GraphqlErrorBuilder;
import graphql.language.Document;
import graphql.language.OperationDefinition.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.execution.SubscriptionPublisherException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Begins subscriptions past graphql-java's execution, which keeps a context of its own for each for as long as it lives.
 * Who may listen, from where, and to what is the controller's business on either way; what isn't a plain operation is
 * executed as usual.
 */
record SubscriptionFastPath(MessageController controller) implements FastPath {
    @Override
    public @Nullable CompiledOperation of(Document document, @Nullable String name) {
        try {
            SimpleOperation operation = SimpleOperation.of(document, name, Operation.SUBSCRIPTION, "messages");
            return compiledOperation(
                    operation,
                    new FieldSelection(operation.field().getResultKey(), SimpleOperation.leaves(operation.field())));
        } catch (NotSimple other) {
            return null;
        }
    }

    private CompiledOperation compiledOperation(SimpleOperation operation, FieldSelection fieldSelection) {
        return invocation ->
                operation.takes(invocation.variables()) ? begin(operation, fieldSelection, invocation) : null;
    }

    private Mono<ExecutionResult> begin(
            SimpleOperation operation, FieldSelection fieldSelection, Invocation invocation) {
        Flux<ExecutionResult> told = controller
                .subscription(
                        operation.argument("userId", invocation.variables()),
                        operation.argument("after", invocation.variables()),
                        invocation.lastEventId())
                .<ExecutionResult>map(event -> new EventResult(event.payload().result(fieldSelection), event))
                .onErrorMap(SubscriptionFastPath::failed);
        return Mono.deferContextual(context -> Mono.just(new ExecutionResultImpl(told.contextWrite(context), null)));
    }

    private static Throwable failed(Throwable failure) {
        return new SubscriptionPublisherException(
                List.of(DataFetcherErrors.error(GraphqlErrorBuilder.newError(), failure)), failure);
    }
}
