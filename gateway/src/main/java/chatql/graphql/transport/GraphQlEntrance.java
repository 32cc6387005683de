package chatql.graphql.transport;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsProcessor;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Takes what comes to the API's one address out of WebFlux, once that has done what only it can: told whose page it is from,
 * and what trace it is a part of. {@link DirectEntrance} takes what needs neither.
 */
final class GraphQlEntrance implements WebFilter, Ordered {
    private final ApplicationContext server;
    private final String path;
    private final CorsConfiguration origins;
    private final GraphQlRoutes routes;
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
            GraphQlRoutes routes,
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
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        Mono<Void> served = serve(exchange, request, response);
        return timers == null ? served : timers.timed(request, response, served);
    }

    static boolean isAt(String path, ServerHttpRequest request) {
        return request.getPath().pathWithinApplication().value().equals(path);
    }

    private boolean isHere(ServerWebExchange exchange) {
        return isAt(path, exchange.getRequest()) && server.equals(exchange.getApplicationContext());
    }

    private Mono<Void> serve(ServerWebExchange exchange, HttpServerRequest request, HttpServerResponse response) {
        ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                .ifPresent(observed -> observed.setPathPattern(path));
        boolean served = cors.process(origins, exchange) && !CorsUtils.isPreFlightRequest(exchange.getRequest());
        // What WebFlux has to say is in the answer's head by then.
        Mono<Void> committed = exchange.getResponse().setComplete();
        return served ? committed.then(Mono.defer(() -> routes.handle(request, response))) : committed;
    }

    /** Behind what is done to every answer. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
