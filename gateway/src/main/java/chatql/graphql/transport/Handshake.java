package chatql.graphql.transport;

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
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The request that a socket came with, as interceptors see it for as long as the socket lives.
 *
 * @param attributes what interceptors keep of the socket
 */
record Handshake(
        String id,
        URI uri,
        HttpHeaders headers,
        MultiValueMap<String, HttpCookie> cookies,
        Mono<Principal> principal,
        @Nullable InetSocketAddress remoteAddress,
        Map<String, Object> attributes)
        implements WebSocketSessionInfo {

    /** Where nobody asks: each socket's own would be a quarter of what it takes. */
    static final Handshake UNASKED = new Handshake(
            "", URI.create("/"), HttpHeaders.EMPTY, new LinkedMultiValueMap<>(), Mono.empty(), null, Map.of());

    static Handshake of(ServerWebExchange exchange) {
        return new Handshake(
                exchange.getRequest().getId(),
                exchange.getRequest().getURI(),
                // The server recycles the request's own headers after the handshake.
                HttpHeaders.copyOf(exchange.getRequest().getHeaders()),
                exchange.getRequest().getCookies(),
                exchange.getPrincipal(),
                exchange.getRequest().getRemoteAddress(),
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
