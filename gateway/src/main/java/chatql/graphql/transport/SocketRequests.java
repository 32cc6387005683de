package chatql.graphql.transport;

import chatql.user.Callers;
import graphql.ExecutionResult;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebGraphQlResponse;
import org.springframework.graphql.server.WebSocketGraphQlInterceptor;
import org.springframework.graphql.server.WebSocketGraphQlRequest;
import org.springframework.graphql.server.WebSocketSessionInfo;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** What one socket asks of GraphQL, always as the client that shook hands. */
final class SocketRequests implements WebSocketSessionInfo {

    private static final Log log = LogFactory.getLog(SocketRequests.class);

    private final Execution execution;
    private final Visitor visitor;
    private final Guest guest;
    private final WebSocketGraphQlInterceptor interceptor;
    private final ContextView context;
    private final String id;
    private final URI uri;
    private final HttpHeaders headers;
    private final MultiValueMap<String, HttpCookie> cookies;
    private final Mono<Principal> principal;
    private final @Nullable InetSocketAddress remoteAddress;
    private final @Nullable Locale locale;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();

    SocketRequests(
            Execution execution,
            Callers callers,
            Guest guest,
            WebSocketGraphQlInterceptor interceptor,
            ServerWebExchange exchange,
            ContextView context) {
        this.execution = execution;
        this.visitor = new Visitor(callers, guest.address());
        this.guest = guest;
        this.interceptor = interceptor;
        // The handshake was a request of its own: what is asked for hours on isn't a part of it.
        this.context = Context.of(context).delete(ObservationThreadLocalAccessor.KEY);
        this.id = exchange.getRequest().getId();
        this.uri = exchange.getRequest().getURI();
        // The server recycles the request's own headers after the handshake.
        this.headers = HttpHeaders.copyOf(exchange.getRequest().getHeaders());
        this.cookies = exchange.getRequest().getCookies();
        this.principal = exchange.getPrincipal();
        this.remoteAddress = exchange.getRequest().getRemoteAddress();
        this.locale = exchange.getLocaleContext().getLocale();
    }

    ContextView context() {
        return context;
    }

    /** Lets the interceptor judge the client: an error refuses it, a value is the acknowledgement's payload. */
    Mono<Object> initialise(Map<String, Object> payload) {
        String shown = Visitor.authorization(payload).orElse(headers.getFirst(HttpHeaders.AUTHORIZATION));
        return visitor.show(shown)
                .doOnNext(guest::is)
                .then(Mono.defer(() -> interceptor.handleConnectionInitialization(this, payload)))
                .contextWrite(context);
    }

    Visitor visitor() {
        return visitor;
    }

    Mono<ExecutionResult> execute(String operationId, OperationBody body, EventIds ids) {
        Mono<ExecutionResult> shortcut = execution.shortcut(visitor, body);
        if (shortcut != null) {
            return shortcut;
        }
        WebSocketGraphQlRequest request = new WebSocketGraphQlRequest(
                uri, headers, cookies, remoteAddress, attributes, body.parameters(), operationId, locale, this);
        return execution.of(visitor, request, ids, null).map(WebGraphQlResponse::getExecutionResult);
    }

    void cancelled(String operationId) {
        Mono.defer(() -> interceptor.handleCancelledSubscription(this, operationId))
                .contextWrite(context)
                .subscribe(
                        nothing -> {}, failure -> log.warn("An interceptor failed on a cancelled operation", failure));
    }

    void closed(int code, Map<String, Object> initPayload) {
        try {
            interceptor.handleConnectionClosed(this, code, initPayload);
        } catch (RuntimeException failure) {
            log.warn("An interceptor failed on a closed socket", failure);
        }
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    @Override
    public Mono<Principal> getPrincipal() {
        return principal;
    }

    @Override
    public @Nullable InetSocketAddress getRemoteAddress() {
        return remoteAddress;
    }
}
