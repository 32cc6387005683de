package chatql.graphql.transport;

import graphql.ExecutionResult;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Answers with a stream of events: GraphQL over SSE in its distinct connections mode. */
final class SseEndpoint {

    private final Execution execution;
    private final SocketEnvironment around;

    SseEndpoint(Execution execution, SocketEnvironment around) {
        this.execution = execution;
        this.around = around;
    }

    Mono<Void> answer(ServerWebExchange exchange, Visitor visitor, OperationBody body) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.setContentType(MediaType.TEXT_EVENT_STREAM);
        headers.setCacheControl(CacheControl.noStore());
        // A proxy that collects events before it passes them on would hold them back.
        headers.set("X-Accel-Buffering", "no");
        EventIds ids = new EventIds();
        String lastEventId = exchange.getRequest().getHeaders().getFirst("Last-Event-ID");
        Mono<ExecutionResult> response =
                execution.result(visitor, body, ids, lastEventId, () -> HttpRequests.of(exchange, body));
        return Mono.deferContextual(context -> send(exchange.getResponse())
                .flatMap(
                        head -> stream(head, visitor, ids).run(operation -> operation.start(body, response, context))));
    }

    /** Sends the head, so that the client knows at once that it is connected. */
    private static Mono<HttpServerResponse> send(ServerHttpResponse response) {
        HttpServerResponse head = ServerHttpResponseDecorator.getNativeResponse(response);
        return response.setComplete()
                .then(Mono.defer(() -> head.sendHeaders().then()))
                .thenReturn(head);
    }

    private SseStream stream(HttpServerResponse head, Visitor visitor, EventIds ids) {
        SseStream[] stream = new SseStream[1];
        head.withConnection(connection -> stream[0] = new SseStream(connection.channel(), visitor, ids, around));
        return stream[0];
    }
}
