package chatql.graphql.fastpath;

import chatql.graphql.MessageController;
import chatql.graphql.Payloads.CreatedMessage;
import chatql.graphql.fastpath.CompiledCreateMessage.Arguments;
import chatql.graphql.transport.execution.FastPath;
import graphql.ExecutionResult;
import graphql.language.Document;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Answers {@code createMessage} past graphql-java's execution, which costs more than all that is done for a message. Who
 * may say what, how often, and what is refused is the controller's business on either way; what isn't a plain operation
 * is executed as usual.
 */
record CreateMessageFastPath(MessageController controller) implements FastPath {
    @Override
    public @Nullable CompiledOperation of(Document document, @Nullable String operation) {
        return CompiledCreateMessage.of(document, operation)
                .<CompiledOperation>map(plan -> invocation -> plan.arguments(invocation.variables())
                        .map(arguments -> answer(plan, arguments))
                        .orElse(null))
                .orElse(null);
    }

    private Mono<ExecutionResult> answer(CompiledCreateMessage plan, Arguments given) {
        return created(given).map(plan::result).onErrorResume(failure -> Mono.just(plan.failed(failure)));
    }

    private Mono<CreatedMessage> created(Arguments given) {
        return controller.createMessage(
                given.senderId(), given.recipientId(), given.content(), given.clientMessageId());
    }
}
