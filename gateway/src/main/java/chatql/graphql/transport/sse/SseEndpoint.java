package chatql.graphql.transport.sse;

import chatql.graphql.transport.admission.AdmissionPermit;
import chatql.graphql.transport.admission.ConnectionIdentity;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.connection.TransportContext;
import chatql.graphql.transport.execution.GraphQlExecutor;
import chatql.graphql.transport.execution.WebGraphQlRequests;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.limit.AnswerBudget;
import graphql.ExecutionResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Responds with an event stream: GraphQL over SSE in its distinct connections mode. */
public final class SseEndpoint {

    private final GraphQlExecutor graphQlExecutor;
    private final TransportContext shared;

    public SseEndpoint(GraphQlExecutor graphQlExecutor, TransportContext shared) {
        this.graphQlExecutor = graphQlExecutor;
        this.shared = shared;
    }

    public Mono<Void> answer(
            HttpServerRequest request,
            HttpServerResponse response,
            ConnectionIdentity connectionIdentity,
            GraphQlRequestBody body,
            AdmissionPermit admissionPermit) {
        response.header(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM)
                .header(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                // A proxy must not buffer: it would hold events back.
                .header("X-Accel-Buffering", "no");
        OperationContext operationContext =
                new OperationContext(request.requestHeaders().get("Last-Event-ID"), admissionPermit.reservation());
        Mono<ExecutionResult> result = graphQlExecutor.result(
                connectionIdentity, body, operationContext, () -> WebGraphQlRequests.of(request, body));
        // Sends the head first, so that the client knows at once that it is connected.
        return Mono.deferContextual(context -> response.sendHeaders()
                .then()
                .then(Mono.defer(() -> stream(response, connectionIdentity, operationContext, admissionPermit.budget())
                        .run(runningOperation -> runningOperation.start(body, result, context)))));
    }

    private SseConnection stream(
            HttpServerResponse head,
            ConnectionIdentity connectionIdentity,
            OperationContext context,
            AnswerBudget budget) {
        SseConnection[] stream = new SseConnection[1];
        head.withConnection(connection ->
                stream[0] = new SseConnection(connection.channel(), connectionIdentity, context, budget, shared));
        return stream[0];
    }
}
