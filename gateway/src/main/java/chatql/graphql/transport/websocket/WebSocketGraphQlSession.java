package chatql.graphql.transport.websocket;

import chatql.graphql.transport.admission.AdmissionPermit;
import chatql.graphql.transport.admission.ConnectionIdentity;
import chatql.graphql.transport.budget.OperationContext;
import chatql.graphql.transport.execution.GraphQlExecutor;
import chatql.graphql.transport.execution.WebGraphQlRequests;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.user.CallerAuthenticator;
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

/** Executes one WebSocket's operations, always with the identity of the client that connected. */
final class WebSocketGraphQlSession {

    private static final Log log = LogFactory.getLog(WebSocketGraphQlSession.class);

    private final GraphQlExecutor graphQlExecutor;
    private final ConnectionIdentity connectionIdentity;
    private final AdmissionPermit admissionPermit;
    private final @Nullable WebSocketGraphQlInterceptor interceptor;
    private final HandshakeInfo handshakeInfo;
    private final ContextView context;
    private @Nullable String authorization;
    private final @Nullable Locale locale;

    /** @param interceptor null where there is none */
    WebSocketGraphQlSession(
            GraphQlExecutor graphQlExecutor,
            CallerAuthenticator callerAuthenticator,
            AdmissionPermit admissionPermit,
            @Nullable WebSocketGraphQlInterceptor interceptor,
            HttpServerRequest request,
            ContextView context) {
        this.graphQlExecutor = graphQlExecutor;
        this.connectionIdentity = new ConnectionIdentity(callerAuthenticator, admissionPermit.address());
        this.admissionPermit = admissionPermit;
        this.interceptor = interceptor;
        this.handshakeInfo = interceptor == null ? HandshakeInfo.UNASKED : HandshakeInfo.of(request);
        // Removes the handshake's observation: an operation hours later is not a part of that request.
        this.context = Context.of(context).delete(ObservationThreadLocalAccessor.KEY);
        this.authorization = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION);
        this.locale = WebGraphQlRequests.locale(WebGraphQlRequests.headers(request));
    }

    ContextView context() {
        return context;
    }

    /**
     * Authenticates the client and lets the interceptor decide: an error rejects it, a value is the payload of the
     * acknowledgement.
     */
    Mono<Object> initialise(Map<String, Object> payload) {
        String credentials = ConnectionIdentity.authorization(payload).orElse(authorization);
        // ConnectionIdentity keeps the credentials; the upgrade's header is not needed any more.
        authorization = null;
        return connectionIdentity
                .authenticate(credentials)
                .doOnNext(admissionPermit::identify)
                .then(Mono.defer(() -> interceptor == null
                        ? Mono.empty()
                        : interceptor.handleConnectionInitialization(handshakeInfo, payload)))
                .contextWrite(context);
    }

    boolean isIntercepted() {
        return interceptor != null;
    }

    ConnectionIdentity visitor() {
        return connectionIdentity;
    }

    Mono<ExecutionResult> execute(String operationId, GraphQlRequestBody body, OperationContext context) {
        return graphQlExecutor.result(
                connectionIdentity,
                body,
                context,
                () -> new WebSocketGraphQlRequest(
                        handshakeInfo.uri(),
                        handshakeInfo.headers(),
                        handshakeInfo.cookies(),
                        handshakeInfo.remoteAddress(),
                        handshakeInfo.attributes(),
                        body.parameters(),
                        operationId,
                        locale,
                        handshakeInfo));
    }

    void cancelled(String operationId) {
        if (interceptor != null) {
            Mono.defer(() -> interceptor.handleCancelledSubscription(handshakeInfo, operationId))
                    .contextWrite(context)
                    .subscribe(
                            nothing -> {},
                            failure -> log.warn("An interceptor failed on a cancelled operation", failure));
        }
    }

    void closed(int code, Map<String, Object> initPayload) {
        if (interceptor != null) {
            try {
                interceptor.handleConnectionClosed(handshakeInfo, code, initPayload);
            } catch (RuntimeException failure) {
                log.warn("An interceptor failed on a closed WebSocket", failure);
            }
        }
    }
}
