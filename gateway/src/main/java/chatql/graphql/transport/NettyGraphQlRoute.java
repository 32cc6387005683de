package chatql.graphql.transport;

import chatql.graphql.transport.http.HttpRequestMetrics;
import chatql.security.HostRule;
import chatql.security.HostVerdict;
import chatql.security.SecurityHeaders;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * Serves what comes to the API's one address before WebFlux makes an exchange of it and takes it through its filters, which a
 * short answer would pay for. What a page has sent goes through them to {@link GraphQlWebFilter}, and is answered alike; so
 * does what is to be refused by its Host.
 */
final class NettyGraphQlRoute implements NettyRouteProvider {
    /** What WebFlux's filters say with every answer. */
    private static final HttpHeaders ALWAYS = new DefaultHttpHeaders();

    static {
        SecurityHeaders.each(NettyGraphQlRoute::always);
        always("vary", "Origin");
        always("vary", "Access-Control-Request-Method");
        always("vary", "Access-Control-Request-Headers");
    }

    /** In bytes, as they are written. */
    private static void always(String name, String value) {
        ALWAYS.add(AsciiString.cached(name), AsciiString.cached(value));
    }

    private final String path;
    private final HostRule hosts;
    private final RequestDispatcher routes;
    private final HttpRequestMetrics timers;

    NettyGraphQlRoute(String path, HostRule hosts, RequestDispatcher routes, HttpRequestMetrics timers) {
        this.path = path;
        this.hosts = hosts;
        this.routes = routes;
        this.timers = timers;
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes server) {
        return server.route(this::isHere, this::serve);
    }

    private boolean isHere(HttpServerRequest request) {
        return isAt(request.uri()) && !request.requestHeaders().contains(HttpHeaderNames.ORIGIN) && isServed(request);
    }

    private boolean isServed(HttpServerRequest request) {
        boolean required = !request.version().equals(HttpVersion.HTTP_1_0);
        return hosts.of(request.requestHeaders().getAll(HttpHeaderNames.HOST), required) == HostVerdict.SERVED;
    }

    private boolean isAt(String uri) {
        return uri.startsWith(path) && (uri.length() == path.length() || uri.charAt(path.length()) == '?');
    }

    private Mono<Void> serve(HttpServerRequest request, HttpServerResponse response) {
        response.responseHeaders().add(ALWAYS);
        return timers.timed(request, response, routes.handle(request, response));
    }
}
