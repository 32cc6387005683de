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
 * Answers {@code createMessage} without graphql-java's execution, which costs more than all other work for a message.
 * On both paths, the controller authorizes, limits and validates messages. An operation that is not simple is executed
 * as usual.
 */
record CreateMessageFastPath(MessageController controller) implements FastPath {
    @Override
    public @Nullable CompiledOperation of(Document document, @Nullable String operation) {
        return CompiledCreateMessage.of(document, operation)
                .<CompiledOperation>map(compiled -> invocation -> compiled.arguments(invocation.variables())
                        .map(arguments -> answer(compiled, arguments))
                        .orElse(null))
                .orElse(null);
    }

    private Mono<ExecutionResult> answer(CompiledCreateMessage compiled, Arguments arguments) {
        return created(arguments).map(compiled::result).onErrorResume(failure -> Mono.just(compiled.failed(failure)));
    }

    private Mono<CreatedMessage> created(Arguments arguments) {
        return controller.createMessage(
                arguments.senderId(), arguments.recipientId(), arguments.content(), arguments.clientMessageId());
    }
}
