package chatql.graphql.transport.http;

import chatql.graphql.transport.admission.ConnectionIdentity;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.execution.GraphQlExecutor;
import chatql.graphql.transport.execution.WebGraphQlRequests;
import chatql.graphql.transport.request.GraphQlErrors;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.request.RequestRejected;
import graphql.ExecutionResult;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.graphql.server.WebGraphQlResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Answers queries and mutations by the GraphQL over HTTP specification. */
public final class HttpEndpoint {

    private static final String GRAPHQL = new MediaType(ContentNegotiation.GRAPHQL, StandardCharsets.UTF_8).toString();
    private static final String JSON = new MediaType(ContentNegotiation.JSON, StandardCharsets.UTF_8).toString();

    private final GraphQlExecutor graphQlExecutor;
    private final Json json;

    public HttpEndpoint(GraphQlExecutor graphQlExecutor, Json json) {
        this.graphQlExecutor = graphQlExecutor;
        this.json = json;
    }

    public Mono<Void> answer(
            HttpServerRequest request,
            HttpServerResponse response,
            ConnectionIdentity connectionIdentity,
            GraphQlRequestBody body,
            Reservation reservation,
            MediaType type) {
        OperationContext context = new OperationContext(null, reservation);
        Mono<ExecutionResult> fastPath = graphQlExecutor.fastPath(connectionIdentity, body, context);
        Mono<ExecutionResult> result = fastPath == null
                ? graphQlExecutor
                        .of(connectionIdentity, WebGraphQlRequests.of(request, body), context)
                        .map(executed -> result(response, executed))
                : fastPath;
        return result.flatMap(known -> answer(response, body, known, reservation, type));
    }

    private static ExecutionResult result(HttpServerResponse response, WebGraphQlResponse executed) {
        executed.getResponseHeaders()
                .forEach((name, values) -> response.responseHeaders().set(name, values));
        return executed.getExecutionResult();
    }

    private Mono<Void> answer(
            HttpServerResponse response,
            GraphQlRequestBody body,
            ExecutionResult result,
            Reservation reservation,
            MediaType type) {
        if (result.getData() instanceof Publisher<?>) {
            throw RequestRejected.badRequest("A subscription needs a WebSocket, or Accept: text/event-stream");
        }
        byte[] content = json.write(result.toSpecification());
        reservation.answer(content.length, body);
        return write(response, status(result, type), type, content);
    }

    /** Responds to a request that is not executed. */
    public Mono<Void> refuse(
            HttpServerResponse response, HttpStatus status, Throwable reason, @Nullable MediaType accepted) {
        MediaType type =
                ContentNegotiation.GRAPHQL.equals(accepted) ? ContentNegotiation.GRAPHQL : ContentNegotiation.JSON;
        Map<String, Object> body = Map.of(
                "errors",
                GraphQlErrors.of(reason).stream()
                        .map(error -> error.toSpecification())
                        .toList());
        return write(response, status, type, json.write(body));
    }

    /**
     * With GraphQL's own media type, a response without data has an error status; with plain JSON the status is always
     * 200.
     */
    private static HttpStatus status(ExecutionResult result, MediaType type) {
        return type.equals(ContentNegotiation.GRAPHQL) && !result.isDataPresent()
                ? HttpStatus.BAD_REQUEST
                : HttpStatus.OK;
    }

    private Mono<Void> write(HttpServerResponse response, HttpStatus status, MediaType type, byte[] content) {
        response.status(status.value())
                .header(HttpHeaderNames.CONTENT_TYPE, type.equals(ContentNegotiation.GRAPHQL) ? GRAPHQL : JSON)
                // Reactor Netty itself sets no length on a response to HEAD.
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(content.length));
        return response.sendObject(Unpooled.wrappedBuffer(content)).then();
    }
}
