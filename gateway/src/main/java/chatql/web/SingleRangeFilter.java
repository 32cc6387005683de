package chatql.web;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers a request for several ranges of a file with the whole file, which RFC 9110, section 14.2, allows. Spring would send
 * the ranges under the Content-Length of the whole file, and the client would wait for the rest until its connection is closed.
 */
final class SingleRangeFilter implements WebFilter {
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean several = exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.RANGE).stream()
                .anyMatch(ranges -> ranges.contains(","));
        return chain.filter(several ? withoutRange(exchange) : exchange);
    }

    private static ServerWebExchange withoutRange(ServerWebExchange exchange) {
        return exchange.mutate()
                .request(request -> request.headers(headers -> headers.remove(HttpHeaders.RANGE)))
                .build();
    }
}
