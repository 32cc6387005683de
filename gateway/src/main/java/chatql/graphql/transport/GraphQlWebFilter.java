package chatql.graphql.transport;

import chatql.graphql.transport.http.HttpRequestMetrics;
import chatql.graphql.transport.request.RequestRejected;
import chatql.logging.RateLimitedLogger;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
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
 * Takes what comes to the API's one address out of WebFlux, once that has done what only it can: told whose page it is from.
 * {@link NettyGraphQlRoute} takes what no page has sent.
 */
final class GraphQlWebFilter implements WebFilter, Ordered {
    private final RateLimitedLogger log = new RateLimitedLogger(GraphQlWebFilter.class);

    private final ApplicationContext server;
    private final String path;
    private final CorsConfiguration origins;
    private final RequestDispatcher routes;
    private final HttpRequestMetrics timers;
    private final CorsProcessor cors = new DefaultCorsProcessor();

    /** @param server whose clients are served: those of the management port pass the same filters, and aren't */
    GraphQlWebFilter(
            ApplicationContext server,
            String path,
            CorsConfiguration origins,
            RequestDispatcher routes,
            HttpRequestMetrics timers) {
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
        return timers.timed(request, response, serve(exchange, request, response));
    }

    static boolean isAt(String path, ServerHttpRequest request) {
        return request.getPath().pathWithinApplication().value().equals(path);
    }

    private boolean isHere(ServerWebExchange exchange) {
        return isAt(path, exchange.getRequest()) && server.equals(exchange.getApplicationContext());
    }

    private Mono<Void> serve(ServerWebExchange exchange, HttpServerRequest request, HttpServerResponse response) {
        boolean allowed = cors.process(origins, exchange);
        // What WebFlux has to say is in the answer's head by then.
        Mono<Void> committed = exchange.getResponse().setComplete();
        if (!allowed) {
            RequestRejected requestRejected = refused(exchange.getRequest());
            return committed.then(Mono.defer(() -> routes.refuse(request, response, requestRejected)));
        }
        return CorsUtils.isPreFlightRequest(exchange.getRequest())
                ? committed
                : committed.then(Mono.defer(() -> routes.handle(request, response)));
    }

    private RequestRejected refused(ServerHttpRequest request) {
        String origin = String.valueOf(request.getHeaders().getOrigin());
        if (origins.checkOrigin(origin) != null) {
            return forbidden("A page of another origin may not ask this, or not with these headers");
        }
        log.warn(
                "A page of {} was refused: it is neither {}, as which this request came in, nor in"
                        + " chatql.transport.allowed-origins. Name it there, or have the proxy that ends TLS send"
                        + " X-Forwarded-Proto (docs/operations.md)",
                origin,
                request.getURI().getScheme() + "://" + request.getURI().getRawAuthority());
        return forbidden("The page's origin is not allowed here");
    }

    private static RequestRejected forbidden(String reason) {
        return new RequestRejected(HttpStatus.FORBIDDEN, reason);
    }

    /** Behind what is done to every answer. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
