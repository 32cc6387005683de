package chatql.graphql;

import chatql.graphql.PlainOperation.Unknown;
import chatql.graphql.transport.execution.Shortcut;
import graphql.ExecutionResult;
import graphql.ExecutionResultImpl;
import graphql.GraphqlErrorBuilder;
import graphql.language.Document;
import graphql.language.OperationDefinition.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.execution.SubscriptionPublisherException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Begins subscriptions past graphql-java's execution, which keeps a context of its own for each for as long as it lives.
 * Who may listen, from where, and to what is the controller's business on either way; what isn't a plain operation is
 * executed as usual.
 */
final class SubscriptionShortcut implements Shortcut {
    private final MessageController controller;
    private final Timer begun;

    SubscriptionShortcut(MessageController controller, MeterRegistry meters) {
        this.controller = controller;
        this.begun = CreateMessageShortcut.timer(meters, "subscription", "SUCCESS");
    }

    @Override
    public @Nullable Way of(Document document, @Nullable String name) {
        try {
            PlainOperation operation = PlainOperation.of(document, name, Operation.SUBSCRIPTION, "messages");
            return way(
                    operation, new Choice(operation.field().getResultKey(), PlainOperation.leaves(operation.field())));
        } catch (Unknown other) {
            return null;
        }
    }

    private Way way(PlainOperation operation, Choice choice) {
        return asked -> operation.takes(asked.variables()) ? begin(operation, choice, asked) : null;
    }

    private Mono<ExecutionResult> begin(PlainOperation operation, Choice choice, Asked asked) {
        long begin = System.nanoTime();
        Flux<ExecutionResult> told = controller
                .subscription(
                        operation.argument("userId", asked.variables()),
                        operation.argument("after", asked.variables()),
                        asked.lastEventId(),
                        asked.ids())
                .<ExecutionResult>map(view -> view.told(choice))
                .onErrorMap(SubscriptionShortcut::failed);
        return Mono.deferContextual(context -> {
            begun.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            return Mono.just(new ExecutionResultImpl(told.contextWrite(context), null));
        });
    }

    private static Throwable failed(Throwable failure) {
        return new SubscriptionPublisherException(
                List.of(Failures.error(GraphqlErrorBuilder.newError(), failure)), failure);
    }
}
