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
 * Serves the requests to the API's path that come from web pages, past the rest of WebFlux, once its CORS processor has
 * checked their origin. {@link NettyGraphQlRoute} serves the requests without an origin.
 */
final class GraphQlWebFilter implements WebFilter, Ordered {
    private final RateLimitedLogger log = new RateLimitedLogger(GraphQlWebFilter.class);

    private final ApplicationContext server;
    private final String path;
    private final CorsConfiguration origins;
    private final RequestDispatcher dispatcher;
    private final HttpRequestMetrics metrics;
    private final CorsProcessor cors = new DefaultCorsProcessor();

    /** @param server the context whose port serves the API: requests to the management port pass the same filters */
    GraphQlWebFilter(
            ApplicationContext server,
            String path,
            CorsConfiguration origins,
            RequestDispatcher dispatcher,
            HttpRequestMetrics metrics) {
        this.server = server;
        this.path = path;
        this.origins = origins;
        this.dispatcher = dispatcher;
        this.metrics = metrics;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!isGraphQlRequest(exchange)) {
            return chain.filter(exchange);
        }
        HttpServerRequest request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        return metrics.timed(request, response, serve(exchange, request, response));
    }

    static boolean isAt(String path, ServerHttpRequest request) {
        return request.getPath().pathWithinApplication().value().equals(path);
    }

    private boolean isGraphQlRequest(ServerWebExchange exchange) {
        return isAt(path, exchange.getRequest()) && server.equals(exchange.getApplicationContext());
    }

    private Mono<Void> serve(ServerWebExchange exchange, HttpServerRequest request, HttpServerResponse response) {
        boolean allowed = cors.process(origins, exchange);
        // Once this completes, the native response has the headers that WebFlux adds.
        Mono<Void> committed = exchange.getResponse().setComplete();
        if (!allowed) {
            RequestRejected requestRejected = rejection(exchange.getRequest());
            return committed.then(Mono.defer(() -> dispatcher.refuse(request, response, requestRejected)));
        }
        return CorsUtils.isPreFlightRequest(exchange.getRequest())
                ? committed
                : committed.then(Mono.defer(() -> dispatcher.handle(request, response)));
    }

    private RequestRejected rejection(ServerHttpRequest request) {
        String origin = String.valueOf(request.getHeaders().getOrigin());
        if (origins.checkOrigin(origin) != null) {
            return forbidden("The method or a header of the request is not allowed for a page of another origin");
        }
        log.warn(
                "A page of {} was refused: it is neither {}, as which this request arrived, nor in"
                        + " chatql.transport.allowed-origins. Add it there, or have the proxy that terminates TLS send"
                        + " X-Forwarded-Proto (docs/operations.md)",
                origin,
                request.getURI().getScheme() + "://" + request.getURI().getRawAuthority());
        return forbidden("The page's origin is not allowed here");
    }

    private static RequestRejected forbidden(String reason) {
        return new RequestRejected(HttpStatus.FORBIDDEN, reason);
    }

    /** After the filters that apply to every response. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
