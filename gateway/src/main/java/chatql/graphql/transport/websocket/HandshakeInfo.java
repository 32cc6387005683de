package chatql.graphql.transport.websocket;

import chatql.graphql.transport.execution.WebGraphQlRequests;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.graphql.server.WebSocketSessionInfo;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The handshake request of a WebSocket, which interceptors see for as long as the connection lives.
 *
 * @param attributes what interceptors store with the connection
 */
record HandshakeInfo(
        String id,
        URI uri,
        HttpHeaders headers,
        MultiValueMap<String, HttpCookie> cookies,
        Mono<Principal> principal,
        @Nullable InetSocketAddress remoteAddress,
        Map<String, Object> attributes)
        implements WebSocketSessionInfo {

    /** Used without an interceptor: a copy per connection would be a quarter of the connection's memory. */
    static final HandshakeInfo UNASKED = new HandshakeInfo(
            "", URI.create("/"), HttpHeaders.EMPTY, new LinkedMultiValueMap<>(), Mono.empty(), null, Map.of());

    static HandshakeInfo of(HttpServerRequest request) {
        return new HandshakeInfo(
                request.requestId(),
                WebGraphQlRequests.uri(request),
                // Copied, because the request's own headers are cleared after the handshake.
                HttpHeaders.copyOf(WebGraphQlRequests.headers(request)),
                WebGraphQlRequests.cookies(request),
                Mono.empty(),
                request.remoteAddress(),
                new ConcurrentHashMap<>());
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
