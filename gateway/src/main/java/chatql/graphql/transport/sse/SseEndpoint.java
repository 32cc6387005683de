package chatql.graphql.transport.sse;

import chatql.graphql.transport.admission.Guest;
import chatql.graphql.transport.admission.Visitor;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.connection.SocketEnvironment;
import chatql.graphql.transport.execution.Execution;
import chatql.graphql.transport.execution.HttpRequests;
import chatql.graphql.transport.request.EventIds;
import chatql.graphql.transport.request.OperationBody;
import chatql.limit.AnswerBudget;
import graphql.ExecutionResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Answers with a stream of events: GraphQL over SSE in its distinct connections mode. */
public final class SseEndpoint {

    private final Execution execution;
    private final SocketEnvironment around;

    public SseEndpoint(Execution execution, SocketEnvironment around) {
        this.execution = execution;
        this.around = around;
    }

    public Mono<Void> answer(
            HttpServerRequest request, HttpServerResponse response, Visitor visitor, OperationBody body, Guest guest) {
        response.header(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM)
                .header(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                // A proxy that collects events before it passes them on would hold them back.
                .header("X-Accel-Buffering", "no");
        OperationContext operationContext = new OperationContext(
                new EventIds(), request.requestHeaders().get("Last-Event-ID"), guest.reservation());
        Mono<ExecutionResult> result =
                execution.result(visitor, body, operationContext, () -> HttpRequests.of(request, body));
        // The head goes first, so that the client knows at once that it is connected.
        return Mono.deferContextual(context -> response.sendHeaders()
                .then()
                .then(Mono.defer(() -> stream(response, visitor, operationContext, guest.budget())
                        .run(operation -> operation.start(body, result, context)))));
    }

    private SseStream stream(HttpServerResponse head, Visitor visitor, OperationContext context, AnswerBudget budget) {
        SseStream[] stream = new SseStream[1];
        head.withConnection(
                connection -> stream[0] = new SseStream(connection.channel(), visitor, context, budget, around));
        return stream[0];
    }
}
