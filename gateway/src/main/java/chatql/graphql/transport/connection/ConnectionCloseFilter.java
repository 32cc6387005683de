package chatql.graphql.transport.connection;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Adds {@code Connection: close} to every answer of a pod that shuts down, so that a client does not send its next request
 * on a connection that is about to end. {@link chatql.graphql.transport.RequestDispatcher} does the same for what does not
 * pass through WebFlux.
 */
public record ConnectionCloseFilter(ConnectionRegistry connectionRegistry) implements WebFilter, Ordered {
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> closeWhenLeaving(exchange)));
        return chain.filter(exchange);
    }

    private void closeWhenLeaving(ServerWebExchange exchange) {
        if (connectionRegistry.leaving()) {
            exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
        }
    }

    /** Before every filter that may respond. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
