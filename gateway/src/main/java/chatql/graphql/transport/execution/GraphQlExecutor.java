package chatql.graphql.transport.execution;

import chatql.graphql.transport.admission.ConnectionIdentity;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.request.GraphQlRequestBody;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQLContext;
import graphql.execution.SubscriptionExecutionStrategy;
import graphql.introspection.Introspection;
import graphql.parser.ParserOptions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.graphql.server.WebGraphQlRequest;
import org.springframework.graphql.server.WebGraphQlResponse;
import reactor.core.publisher.Mono;

/** Executes operations, each with what a subscription needs in its context. */
public final class GraphQlExecutor {

    /** The context's key of the id of the last event that the client received before it reconnected, if it sent one. */
    static final String LAST_EVENT_ID = "lastEventId";

    private final WebGraphQlHandler handler;
    private final DocumentCache documents;
    private final ParserOptions parser;
    private final boolean introspection;

    /** @param introspection whether introspection queries are answered */
    public GraphQlExecutor(
            WebGraphQlHandler handler, DocumentCache documents, ParserOptions parser, boolean introspection) {
        this.handler = handler;
        this.documents = documents;
        this.parser = parser;
        this.introspection = introspection;
    }

    public Mono<WebGraphQlResponse> of(
            ConnectionIdentity connectionIdentity, WebGraphQlRequest request, OperationContext context) {
        PendingFetches pending = new PendingFetches();
        request.configureExecutionInput((input, builder) -> configure(builder, context, pending));
        return Mono.defer(() -> handler.handleRequest(request))
                .switchIfEmpty(Mono.error(GraphQlExecutor::missingResponse))
                .doOnCancel(pending::cancel)
                .contextWrite(connectionIdentity::writeTo);
    }

    /** The result of an operation, which is executed only where it must be; only then is the request created. */
    public Mono<ExecutionResult> result(
            ConnectionIdentity connectionIdentity,
            GraphQlRequestBody body,
            OperationContext context,
            Supplier<WebGraphQlRequest> request) {
        Mono<ExecutionResult> answer = fastPath(connectionIdentity, body, context);
        return answer == null
                ? of(connectionIdentity, request.get(), context).map(WebGraphQlResponse::getExecutionResult)
                : answer;
    }

    /** The fast path's answer to an operation; null where the operation must be executed. */
    @Nullable
    public Mono<ExecutionResult> fastPath(
            ConnectionIdentity connectionIdentity, GraphQlRequestBody body, OperationContext context) {
        FastPath.CompiledOperation compiledOperation = documents.compiledOperation(body.query(), body.operationName());
        Mono<ExecutionResult> answer = compiledOperation == null
                ? null
                : compiledOperation.answer(new FastPath.Invocation(body, context.lastEventId()));
        return answer == null ? null : answer.contextWrite(connectionIdentity::writeTo);
    }

    private static Throwable missingResponse() {
        return new IllegalStateException("An interceptor returned no response");
    }

    private ExecutionInput configure(
            ExecutionInput.Builder builder, OperationContext operation, PendingFetches pending) {
        return builder.graphQLContext(context -> fill(context.put(PendingFetches.class, pending), operation))
                .build();
    }

    private void fill(GraphQLContext.Builder context, OperationContext operation) {
        // Otherwise, an asynchronous field would let a later event overtake an earlier one.
        context.put(SubscriptionExecutionStrategy.KEEP_SUBSCRIPTION_EVENTS_ORDERED, true);
        context.put(Reservation.class, operation.reservation());
        context.put(ParserOptions.class, parser);
        context.put(Introspection.INTROSPECTION_DISABLED, !introspection);
        if (operation.lastEventId() != null) {
            context.put(LAST_EVENT_ID, operation.lastEventId());
        }
    }
}
