package chatql;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * What browsers must not do with any answer: guess what it is, show it in another page's frame, run what is in it, or tell
 * others where they were. A page that has to run something says so itself.
 */
final class ProtectiveHeaders implements WebFilter, Ordered {
    static final String POLICY = "Content-Security-Policy";

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        protect(exchange.getResponse().getHeaders());
        return chain.filter(exchange);
    }

    /** Added and not set: it comes first, and to look for what would be replaced costs as much as to write it. */
    private static void protect(HttpHeaders headers) {
        headers.add(POLICY, "default-src 'none'; frame-ancestors 'none'");
        headers.add("X-Content-Type-Options", "nosniff");
        headers.add("X-Frame-Options", "DENY");
        headers.add("Referrer-Policy", "no-referrer");
        headers.add("Cross-Origin-Opener-Policy", "same-origin");
        headers.add("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** Also of what another filter refuses. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
