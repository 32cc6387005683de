package chatql.graphql.transport;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsProcessor;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Takes what comes to the API's one address out of WebFlux's way, which asks each of its mappings whether it is theirs:
 * for a short answer that is a tenth of all work.
 */
final class GraphQlEntrance implements WebFilter, Ordered {
    private final ApplicationContext server;
    private final String path;
    private final CorsConfiguration origins;
    private final WebHandler routes;
    private final @Nullable RequestTimers timers;
    private final CorsProcessor cors = new DefaultCorsProcessor();

    /**
     * @param server whose clients are served: those of the management port pass the same filters, and aren't
     * @param timers null where each request is observed
     */
    GraphQlEntrance(
            ApplicationContext server,
            String path,
            CorsConfiguration origins,
            WebHandler routes,
            @Nullable RequestTimers timers) {
        this.server = server;
        this.path = path;
        this.origins = origins;
        this.routes = routes;
        this.timers = timers;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!isHere(exchange)) {
            return chain.filter(exchange);
        }
        return timers == null ? serve(exchange) : timers.timed(exchange, serve(exchange));
    }

    static boolean isAt(String path, ServerHttpRequest request) {
        return request.getPath().pathWithinApplication().value().equals(path);
    }

    private boolean isHere(ServerWebExchange exchange) {
        return isAt(path, exchange.getRequest()) && server.equals(exchange.getApplicationContext());
    }

    private Mono<Void> serve(ServerWebExchange exchange) {
        ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                .ifPresent(observed -> observed.setPathPattern(path));
        return cors.process(origins, exchange) && !CorsUtils.isPreFlightRequest(exchange.getRequest())
                ? routes.handle(exchange)
                : Mono.empty();
    }

    /** Behind what is done to every answer. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
