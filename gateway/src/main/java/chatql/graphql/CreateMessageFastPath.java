package chatql.graphql;

import chatql.graphql.CompiledCreateMessage.Arguments;
import chatql.graphql.Payloads.CreatedMessage;
import chatql.graphql.transport.execution.FastPath;
import graphql.ExecutionResult;
import graphql.language.Document;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Answers {@code createMessage} past graphql-java's execution, which costs more than all that is done for a message. Who
 * may say what, how often, and what is refused is the controller's business on either way; what isn't a plain operation
 * is executed as usual.
 */
final class CreateMessageFastPath implements FastPath {
    private final MessageController controller;
    private final Timer answered;
    private final Timer refused;

    CreateMessageFastPath(MessageController controller, MeterRegistry meters) {
        this.controller = controller;
        this.answered = timer(meters, "mutation", "SUCCESS");
        this.refused = timer(meters, "mutation", "REQUEST_ERROR");
    }

    /** The one of executed operations, so that it counts all. */
    static Timer timer(MeterRegistry meters, String operation, String outcome) {
        return meters.timer(
                "graphql.request", "error", "none", "graphql.operation.type", operation, "graphql.outcome", outcome);
    }

    @Override
    public @Nullable CompiledOperation of(Document document, @Nullable String operation) {
        return CompiledCreateMessage.of(document, operation)
                .<CompiledOperation>map(plan -> invocation -> plan.arguments(invocation.variables())
                        .map(arguments -> answer(plan, arguments))
                        .orElse(null))
                .orElse(null);
    }

    private Mono<ExecutionResult> answer(CompiledCreateMessage plan, Arguments given) {
        long begin = System.nanoTime();
        return created(given)
                .map(created -> timed(begin, answered, plan.result(created)))
                .onErrorResume(failure -> Mono.just(timed(begin, refused, plan.failed(failure))));
    }

    private static ExecutionResult timed(long begin, Timer timer, ExecutionResult result) {
        timer.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        return result;
    }

    private Mono<CreatedMessage> created(Arguments given) {
        return controller.createMessage(
                given.senderId(), given.recipientId(), given.content(), given.clientMessageId());
    }
}
