package chatql.graphql.transport;

import graphql.ExecutionResult;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.graphql.server.WebGraphQlResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers a query or a mutation as GraphQL over HTTP says. */
final class HttpEndpoint {

    private static final String GRAPHQL = new MediaType(Accept.GRAPHQL, StandardCharsets.UTF_8).toString();
    private static final String JSON = new MediaType(Accept.JSON, StandardCharsets.UTF_8).toString();

    private final Execution execution;
    private final Json json;

    HttpEndpoint(Execution execution, Json json) {
        this.execution = execution;
        this.json = json;
    }

    Mono<Void> answer(ServerWebExchange exchange, Visitor visitor, OperationBody body, MediaType type) {
        EventIds ids = new EventIds();
        Mono<ExecutionResult> shortcut = execution.shortcut(visitor, body, ids, null);
        if (shortcut != null) {
            return shortcut.flatMap(result -> answer(exchange, result, type));
        }
        return execution
                .of(visitor, HttpRequests.of(exchange, body), ids, null)
                .flatMap(response -> answer(exchange, response, type));
    }

    private Mono<Void> answer(ServerWebExchange exchange, WebGraphQlResponse response, MediaType type) {
        exchange.getResponse().getHeaders().putAll(response.getResponseHeaders());
        return answer(exchange, response.getExecutionResult(), type);
    }

    private Mono<Void> answer(ServerWebExchange exchange, ExecutionResult result, MediaType type) {
        if (result.getData() instanceof Publisher<?>) {
            throw Refusal.badRequest("A subscription needs a WebSocket, or Accept: text/event-stream");
        }
        return write(exchange, status(result, type), type, result.toSpecification());
    }

    /** Answers a request that is not executed. */
    Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status, Throwable reason, @Nullable MediaType accepted) {
        MediaType type = Accept.GRAPHQL.equals(accepted) ? Accept.GRAPHQL : Accept.JSON;
        Map<String, Object> body = Map.of(
                "errors",
                Errors.of(reason).stream().map(error -> error.toSpecification()).toList());
        return write(exchange, status, type, body);
    }

    /** Under its own media type an answer without data says so by its status; under plain JSON that is always 200. */
    private static HttpStatus status(ExecutionResult result, MediaType type) {
        return type.equals(Accept.GRAPHQL) && !result.isDataPresent() ? HttpStatus.BAD_REQUEST : HttpStatus.OK;
    }

    private Mono<Void> write(ServerWebExchange exchange, HttpStatus status, MediaType type, Map<String, Object> body) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        response.getHeaders().set(HttpHeaders.CONTENT_TYPE, type.equals(Accept.GRAPHQL) ? GRAPHQL : JSON);
        byte[] content = json.write(body);
        response.getHeaders().setContentLength(content.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(content)));
    }
}
