package chatql.graphql.fastpath;

import chatql.graphql.DataFetcherErrors;
import chatql.graphql.FieldSelection;
import chatql.graphql.MessageController;
import chatql.graphql.MessageView;
import chatql.graphql.fastpath.SimpleOperation.NotSimple;
import chatql.graphql.transport.execution.FastPath;
import chatql.graphql.transport.request.EventResult;
import chatql.graphql.transport.request.SubscriptionEvent;
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
 * Starts subscriptions without graphql-java's execution, which keeps a context of its own for each for as long as it
 * lives. On both paths, the controller authorizes the subscriber and selects the user and the start position. An
 * operation that is not simple is executed as usual.
 */
record SubscriptionFastPath(MessageController controller) implements FastPath {
    @Override
    public @Nullable CompiledOperation of(Document document, @Nullable String name) {
        try {
            SimpleOperation operation = SimpleOperation.of(document, name, Operation.SUBSCRIPTION, "messages");
            return compiledOperation(
                    operation,
                    new FieldSelection(operation.field().getResultKey(), SimpleOperation.leaves(operation.field())));
        } catch (NotSimple notSimple) {
            return null;
        }
    }

    private CompiledOperation compiledOperation(SimpleOperation operation, FieldSelection fieldSelection) {
        return invocation ->
                operation.takes(invocation.variables()) ? start(operation, fieldSelection, invocation) : null;
    }

    private Mono<ExecutionResult> start(
            SimpleOperation operation, FieldSelection fieldSelection, Invocation invocation) {
        Flux<ExecutionResult> results = controller
                .subscription(
                        operation.argument("userId", invocation.variables()),
                        operation.argument("after", invocation.variables()),
                        invocation.lastEventId())
                .<ExecutionResult>map(event -> result(fieldSelection, event))
                .onErrorMap(SubscriptionFastPath::failed);
        return Mono.deferContextual(context -> Mono.just(new ExecutionResultImpl(results.contextWrite(context), null)));
    }

    private static EventResult result(FieldSelection fieldSelection, SubscriptionEvent<MessageView> event) {
        MessageView message = event.payload();
        return message == null
                ? EventResult.ofPosition(fieldSelection.root(), event)
                : new EventResult(message.result(fieldSelection), event);
    }

    private static Throwable failed(Throwable failure) {
        return new SubscriptionPublisherException(
                List.of(DataFetcherErrors.error(GraphqlErrorBuilder.newError(), failure)), failure);
    }
}
