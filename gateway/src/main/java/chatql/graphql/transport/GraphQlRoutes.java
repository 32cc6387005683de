package chatql.graphql.transport;

import chatql.user.Callers;
import chatql.user.NotAllowed;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** The one address of the API: decides which endpoint a request is for, and answers what is for none. */
final class GraphQlRoutes implements WebHandler {

    private final Callers callers;
    private final RequestReader reader;
    private final HttpEndpoint http;
    private final SseEndpoint sse;
    private final WebSocketEndpoint webSocket;
    private final Connections connections;
    private final Admission admission;

    GraphQlRoutes(
            Callers callers,
            RequestReader reader,
            HttpEndpoint http,
            SseEndpoint sse,
            WebSocketEndpoint webSocket,
            Connections connections,
            Admission admission) {
        this.callers = callers;
        this.reader = reader;
        this.http = http;
        this.sse = sse;
        this.webSocket = webSocket;
        this.connections = connections;
        this.admission = admission;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        return Mono.defer(() -> route(exchange)).onErrorResume(failure -> refuse(exchange, failure));
    }

    private Mono<Void> route(ServerWebExchange exchange) {
        if (WebSocketEndpoint.isUpgrade(exchange.getRequest().getHeaders())) {
            requireStaying();
            return admission.connection(exchange.getRequest(), guest -> webSocket.handle(exchange, guest));
        }
        MediaType type = Accept.of(exchange.getRequest().getHeaders())
                .orElseThrow(() -> new Refusal(
                        HttpStatus.NOT_ACCEPTABLE,
                        "Answers are " + Accept.GRAPHQL + ", " + Accept.JSON + " or " + Accept.EVENTS));
        return type.equals(Accept.EVENTS)
                ? admission.connection(exchange.getRequest(), guest -> serve(exchange, guest, this::stream))
                : admission.request(
                        exchange.getRequest(), guest -> serve(exchange, guest, asked -> answer(asked, type)));
    }

    private Mono<Void> serve(ServerWebExchange exchange, Guest guest, Function<Asked, Mono<Void>> endpoint) {
        return visitor(exchange.getRequest(), guest)
                .flatMap(visitor -> read(exchange.getRequest())
                        .flatMap(body -> endpoint.apply(new Asked(exchange, guest, visitor, body))));
    }

    /** An operation that somebody who was let in wants executed. */
    private record Asked(ServerWebExchange exchange, Guest guest, Visitor visitor, OperationBody body) {
        Asked {
            if (body.isEmpty()) {
                throw Refusal.badRequest("The query is empty");
            }
        }
    }

    private Mono<Visitor> visitor(ServerHttpRequest request, Guest guest) {
        return new Visitor(callers, guest.address())
                .show(request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION))
                .onErrorMap(
                        Visitor.Unknown.class,
                        notNow -> new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "Who is speaking cannot be told now"));
    }

    private Mono<OperationBody> read(ServerHttpRequest request) {
        if (request.getMethod().equals(HttpMethod.POST)) {
            return reader.fromBody(request);
        }
        if (request.getMethod().equals(HttpMethod.GET)) {
            return Mono.just(onlyReading(reader.fromQuery(request)));
        }
        throw new Refusal(HttpStatus.METHOD_NOT_ALLOWED, "Operations come by GET or POST");
    }

    private static OperationBody onlyReading(OperationBody body) {
        if (body.isMutation()) {
            throw new Refusal(HttpStatus.METHOD_NOT_ALLOWED, "A mutation comes by POST");
        }
        return body;
    }

    private Mono<Void> stream(Asked asked) {
        requireStaying();
        asked.guest().is(asked.visitor());
        return sse.answer(asked.exchange(), asked.visitor(), asked.body());
    }

    private Mono<Void> answer(Asked asked, MediaType type) {
        return connections.counted(http.answer(asked.exchange(), asked.visitor(), asked.body(), type));
    }

    private void requireStaying() {
        if (connections.leaving()) {
            throw new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "The gateway is leaving: connect again");
        }
    }

    private Mono<Void> refuse(ServerWebExchange exchange, Throwable failure) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        HttpStatus status = status(failure);
        switch (status) {
            case UNAUTHORIZED -> exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            case UPGRADE_REQUIRED -> exchange.getResponse().getHeaders().set("Sec-WebSocket-Version", "13");
            case METHOD_NOT_ALLOWED -> exchange.getResponse().getHeaders().setAllow(allowed(exchange.getRequest()));
            case SERVICE_UNAVAILABLE, TOO_MANY_REQUESTS ->
                exchange.getResponse().getHeaders().set("Retry-After", "1");
            // What is left of the body must not be taken for the next request.
            case CONTENT_TOO_LARGE, REQUEST_TIMEOUT ->
                exchange.getResponse().getHeaders().setConnection("close");
            default -> {}
        }
        return http.refuse(exchange, status, failure, accepted(exchange));
    }

    private static Set<HttpMethod> allowed(ServerHttpRequest request) {
        return request.getMethod().equals(HttpMethod.GET)
                ? Set.of(HttpMethod.POST)
                : Set.of(HttpMethod.GET, HttpMethod.POST);
    }

    /** What the client would have had its answer in, as far as that can be told. */
    private static @Nullable MediaType accepted(ServerWebExchange exchange) {
        try {
            return Accept.of(exchange.getRequest().getHeaders()).orElse(null);
        } catch (Refusal unreadable) {
            return null;
        }
    }

    private static HttpStatus status(Throwable failure) {
        return switch (failure) {
            case NotAllowed denied -> HttpStatus.UNAUTHORIZED;
            case Refusal refusal -> refusal.status();
            case ErrorResponse known ->
                orServerError(HttpStatus.resolve(known.getStatusCode().value()));
            default -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    private static HttpStatus orServerError(@Nullable HttpStatus status) {
        return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    }
}
