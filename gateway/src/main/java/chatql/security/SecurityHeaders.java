package chatql.security;

import java.util.function.BiConsumer;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Adds headers to every response that restrict browsers: no content sniffing, no framing by other pages, no scripts, no
 * referrer. A page that needs more sets its own policy.
 */
public final class SecurityHeaders implements WebFilter, Ordered {
    public static final String POLICY = "Content-Security-Policy";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        each(exchange.getResponse().getHeaders()::add);
        return chain.filter(exchange);
    }

    /**
     * Adds instead of setting: this filter runs first, and looking for a value to replace costs as much as writing one.
     */
    public static void each(BiConsumer<String, String> headers) {
        headers.accept(POLICY, "default-src 'none'; frame-ancestors 'none'");
        headers.accept("X-Content-Type-Options", "nosniff");
        headers.accept("X-Frame-Options", "DENY");
        headers.accept("Referrer-Policy", "no-referrer");
        headers.accept("Cross-Origin-Opener-Policy", "same-origin");
        headers.accept("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** First, so that rejections by other filters have the headers too. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
