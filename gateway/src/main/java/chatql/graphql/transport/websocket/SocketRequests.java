package chatql.graphql.transport.websocket;

import chatql.graphql.transport.admission.Guest;
import chatql.graphql.transport.admission.Visitor;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.execution.Execution;
import chatql.graphql.transport.execution.HttpRequests;
import chatql.graphql.transport.request.OperationBody;
import chatql.user.Callers;
import graphql.ExecutionResult;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebSocketGraphQlInterceptor;
import org.springframework.graphql.server.WebSocketGraphQlRequest;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** What one socket asks of GraphQL, always as the client that shook hands. */
final class SocketRequests {

    private static final Log log = LogFactory.getLog(SocketRequests.class);

    private final Execution execution;
    private final Visitor visitor;
    private final Guest guest;
    private final @Nullable WebSocketGraphQlInterceptor interceptor;
    private final Handshake handshake;
    private final ContextView context;
    private @Nullable String authorization;
    private final @Nullable Locale locale;

    /** @param interceptor null where there is none */
    SocketRequests(
            Execution execution,
            Callers callers,
            Guest guest,
            @Nullable WebSocketGraphQlInterceptor interceptor,
            HttpServerRequest request,
            ContextView context) {
        this.execution = execution;
        this.visitor = new Visitor(callers, guest.address());
        this.guest = guest;
        this.interceptor = interceptor;
        this.handshake = interceptor == null ? Handshake.UNASKED : Handshake.of(request);
        // The handshake was a request of its own: what is asked for hours on isn't a part of it.
        this.context = Context.of(context).delete(ObservationThreadLocalAccessor.KEY);
        this.authorization = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION);
        this.locale = HttpRequests.locale(HttpRequests.headers(request));
    }

    ContextView context() {
        return context;
    }

    /** Lets the interceptor judge the client: an error refuses it, a value is the acknowledgement's payload. */
    Mono<Object> initialise(Map<String, Object> payload) {
        String shown = Visitor.authorization(payload).orElse(authorization);
        // The visitor keeps what was shown; the upgrade's header has done its work.
        authorization = null;
        return visitor.show(shown)
                .doOnNext(guest::is)
                .then(Mono.defer(() -> interceptor == null
                        ? Mono.empty()
                        : interceptor.handleConnectionInitialization(handshake, payload)))
                .contextWrite(context);
    }

    boolean isIntercepted() {
        return interceptor != null;
    }

    Visitor visitor() {
        return visitor;
    }

    Mono<ExecutionResult> execute(String operationId, OperationBody body, OperationContext context) {
        return execution.result(
                visitor,
                body,
                context,
                () -> new WebSocketGraphQlRequest(
                        handshake.uri(),
                        handshake.headers(),
                        handshake.cookies(),
                        handshake.remoteAddress(),
                        handshake.attributes(),
                        body.parameters(),
                        operationId,
                        locale,
                        handshake));
    }

    void cancelled(String operationId) {
        if (interceptor != null) {
            Mono.defer(() -> interceptor.handleCancelledSubscription(handshake, operationId))
                    .contextWrite(context)
                    .subscribe(
                            nothing -> {},
                            failure -> log.warn("An interceptor failed on a cancelled operation", failure));
        }
    }

    void closed(int code, Map<String, Object> initPayload) {
        if (interceptor != null) {
            try {
                interceptor.handleConnectionClosed(handshake, code, initPayload);
            } catch (RuntimeException failure) {
                log.warn("An interceptor failed on a closed socket", failure);
            }
        }
    }
}
