package chatql.security;

import java.util.function.BiConsumer;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * What browsers must not do with any answer: guess what it is, show it in another page's frame, run what is in it, or tell
 * others where they were. A page that has to run something says so itself.
 */
public final class SecurityHeaders implements WebFilter, Ordered {
    public static final String POLICY = "Content-Security-Policy";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        each(exchange.getResponse().getHeaders()::add);
        return chain.filter(exchange);
    }

    /** Added and not set: it comes first, and to look for what would be replaced costs as much as to write it. */
    public static void each(BiConsumer<String, String> headers) {
        headers.accept(POLICY, "default-src 'none'; frame-ancestors 'none'");
        headers.accept("X-Content-Type-Options", "nosniff");
        headers.accept("X-Frame-Options", "DENY");
        headers.accept("Referrer-Policy", "no-referrer");
        headers.accept("Cross-Origin-Opener-Policy", "same-origin");
        headers.accept("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** Also of what another filter refuses. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
