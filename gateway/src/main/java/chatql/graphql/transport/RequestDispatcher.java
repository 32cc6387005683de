package chatql.graphql.transport;

import chatql.graphql.transport.admission.AdmissionControl;
import chatql.graphql.transport.admission.AdmissionPermit;
import chatql.graphql.transport.admission.ConnectionIdentity;
import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.connection.ConnectionRegistry;
import chatql.graphql.transport.http.ContentNegotiation;
import chatql.graphql.transport.http.GraphQlRequestReader;
import chatql.graphql.transport.http.HttpEndpoint;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.RequestRejected;
import chatql.graphql.transport.sse.SseEndpoint;
import chatql.graphql.transport.websocket.WebSocketEndpoint;
import chatql.user.AccessDenied;
import chatql.user.AuthenticationUnavailable;
import chatql.user.CallerAuthenticator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponse;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Dispatches requests to the API's one path to an endpoint, and rejects those that fit none. Works on Reactor Netty's
 * types, so that both routes, the filter and the direct one, share it.
 */
final class RequestDispatcher {

    private final CallerAuthenticator callerAuthenticator;
    private final GraphQlRequestReader reader;
    private final HttpEndpoint http;
    private final SseEndpoint sse;
    private final WebSocketEndpoint webSocket;
    private final ConnectionRegistry connectionRegistry;
    private final AdmissionControl admissionControl;

    RequestDispatcher(
            CallerAuthenticator callerAuthenticator,
            GraphQlRequestReader reader,
            HttpEndpoint http,
            SseEndpoint sse,
            WebSocketEndpoint webSocket,
            ConnectionRegistry connectionRegistry,
            AdmissionControl admissionControl) {
        this.callerAuthenticator = callerAuthenticator;
        this.reader = reader;
        this.http = http;
        this.sse = sse;
        this.webSocket = webSocket;
        this.connectionRegistry = connectionRegistry;
        this.admissionControl = admissionControl;
    }

    Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        if (connectionRegistry.leaving()) {
            // The connection is about to close: the client must send its next request on another one.
            response.keepAlive(false);
        }
        return routed(request, response).onErrorResume(failure -> refuse(request, response, failure));
    }

    /** Dispatches on the calling thread and turns exceptions into an error signal. */
    private Mono<Void> routed(HttpServerRequest request, HttpServerResponse response) {
        try {
            return route(request, response);
        } catch (RuntimeException failure) {
            return Mono.error(failure);
        }
    }

    private Mono<Void> route(HttpServerRequest request, HttpServerResponse response) {
        if (WebSocketEndpoint.isUpgrade(request.requestHeaders())) {
            requireNotDraining();
            return admissionControl.connection(
                    request, admissionPermit -> webSocket.handle(request, response, admissionPermit));
        }
        MediaType type = ContentNegotiation.of(request.requestHeaders())
                .orElseThrow(() -> new RequestRejected(
                        HttpStatus.NOT_ACCEPTABLE,
                        "Responses are " + ContentNegotiation.GRAPHQL + ", " + ContentNegotiation.JSON + " or "
                                + ContentNegotiation.EVENTS));
        return type.equals(ContentNegotiation.EVENTS)
                ? admissionControl.connection(
                        request,
                        admissionPermit -> serve(request, admissionPermit, (connectionIdentity, body) -> {
                            requireNotDraining();
                            admissionPermit.identify(connectionIdentity);
                            return sse.answer(request, response, connectionIdentity, body, admissionPermit);
                        }))
                : admissionControl.request(
                        request,
                        admissionPermit -> serve(
                                request,
                                admissionPermit,
                                (connectionIdentity, body) -> connectionRegistry.counted(http.answer(
                                        request,
                                        response,
                                        connectionIdentity,
                                        body,
                                        admissionPermit.reservation(),
                                        type))));
    }

    private Mono<Void> serve(
            HttpServerRequest request,
            AdmissionPermit admissionPermit,
            BiFunction<ConnectionIdentity, GraphQlRequestBody, Mono<Void>> endpoint) {
        return new ConnectionIdentity(callerAuthenticator, admissionPermit.address())
                .authenticate(request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION))
                .flatMap(connectionIdentity -> read(request, admissionPermit.reservation())
                        .flatMap(body -> {
                            if (body.isEmpty()) {
                                throw RequestRejected.badRequest("The query is empty");
                            }
                            admissionPermit.reservation().begin(body);
                            return endpoint.apply(connectionIdentity, body);
                        }));
    }

    private Mono<GraphQlRequestBody> read(HttpServerRequest request, Reservation reservation) {
        if (request.method().equals(HttpMethod.POST)) {
            return reader.fromBody(request, reservation);
        }
        if (request.method().equals(HttpMethod.GET)) {
            return Mono.just(requireReadOnly(reader.fromQuery(request)));
        }
        throw new RequestRejected(HttpStatus.METHOD_NOT_ALLOWED, "Send operations with GET or POST");
    }

    private static GraphQlRequestBody requireReadOnly(GraphQlRequestBody body) {
        if (body.isMutation()) {
            throw new RequestRejected(HttpStatus.METHOD_NOT_ALLOWED, "Send mutations with POST");
        }
        return body;
    }

    private void requireNotDraining() {
        if (connectionRegistry.leaving()) {
            throw new RequestRejected(HttpStatus.SERVICE_UNAVAILABLE, "The gateway is shutting down: connect again");
        }
    }

    /** Responds with the failure's status and its {@code errors}. */
    Mono<Void> refuse(HttpServerRequest request, HttpServerResponse response, Throwable failure) {
        if (isLost(failure)) {
            // Otherwise Reactor Netty, which may not have noticed the disconnect yet, logs a failed response with its
            // stack trace.
            response.withConnection(connection -> connection.channel().close());
        }
        if (response.hasSentHeaders() || isLost(failure)) {
            return Mono.error(failure);
        }
        return failure instanceof AuthenticationUnavailable unavailable
                ? refused(
                        request,
                        response,
                        new RequestRejected(HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(unavailable.getMessage())))
                : refused(request, response, failure);
    }

    /** Whether the client has disconnected, so that no response can reach it. */
    private static boolean isLost(Throwable failure) {
        return failure instanceof AbortedException || failure instanceof IOException;
    }

    private Mono<Void> refused(HttpServerRequest request, HttpServerResponse response, Throwable failure) {
        HttpStatus status = status(failure);
        switch (status) {
            case UNAUTHORIZED -> response.header(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
            case UPGRADE_REQUIRED -> response.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
            case METHOD_NOT_ALLOWED -> response.header(HttpHeaderNames.ALLOW, allowed(request));
            case SERVICE_UNAVAILABLE, TOO_MANY_REQUESTS -> response.header(HttpHeaderNames.RETRY_AFTER, "1");
            // The rest of the body must not be parsed as the next request.
            case CONTENT_TOO_LARGE, REQUEST_TIMEOUT ->
                response.header(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            default -> {}
        }
        return http.refuse(response, status, failure, accepted(request));
    }

    private static String allowed(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET) ? "POST" : "GET,POST";
    }

    /** The media type that the client prefers; null where its {@code Accept} is invalid. */
    private static @Nullable MediaType accepted(HttpServerRequest request) {
        try {
            return ContentNegotiation.of(request.requestHeaders()).orElse(null);
        } catch (RequestRejected unreadable) {
            return null;
        }
    }

    private static HttpStatus status(Throwable failure) {
        return switch (failure) {
            case AccessDenied denied -> HttpStatus.UNAUTHORIZED;
            case RequestRejected requestRejected -> requestRejected.status();
            case ErrorResponse known ->
                orServerError(HttpStatus.resolve(known.getStatusCode().value()));
            default -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    private static HttpStatus orServerError(@Nullable HttpStatus status) {
        return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    }
}
