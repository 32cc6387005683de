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
 * Serves the requests to the API's path before WebFlux creates an exchange and runs its filters, whose cost is large
 * compared to a short response. Requests from web pages, and those to be rejected because of their Host, pass the
 * filters to {@link GraphQlWebFilter}, which serves them alike.
 */
final class NettyGraphQlRoute implements NettyRouteProvider {
    /** The headers that WebFlux's filters add to every response. */
    private static final HttpHeaders COMMON_HEADERS = new DefaultHttpHeaders();

    static {
        SecurityHeaders.each(NettyGraphQlRoute::addCommon);
        addCommon("vary", "Origin");
        addCommon("vary", "Access-Control-Request-Method");
        addCommon("vary", "Access-Control-Request-Headers");
    }

    /** Stores a header as the bytes that are written. */
    private static void addCommon(String name, String value) {
        COMMON_HEADERS.add(AsciiString.cached(name), AsciiString.cached(value));
    }

    private final String path;
    private final HostRule hosts;
    private final RequestDispatcher dispatcher;
    private final HttpRequestMetrics metrics;

    NettyGraphQlRoute(String path, HostRule hosts, RequestDispatcher dispatcher, HttpRequestMetrics metrics) {
        this.path = path;
        this.hosts = hosts;
        this.dispatcher = dispatcher;
        this.metrics = metrics;
    }

    @Override
    public HttpServerRoutes apply(HttpServerRoutes server) {
        return server.route(this::isGraphQlRequest, this::serve);
    }

    private boolean isGraphQlRequest(HttpServerRequest request) {
        return isAt(request.uri())
                && !request.requestHeaders().contains(HttpHeaderNames.ORIGIN)
                && isServedHost(request);
    }

    private boolean isServedHost(HttpServerRequest request) {
        boolean required = !request.version().equals(HttpVersion.HTTP_1_0);
        return hosts.of(request.requestHeaders().getAll(HttpHeaderNames.HOST), required) == HostVerdict.SERVED;
    }

    private boolean isAt(String uri) {
        return uri.startsWith(path) && (uri.length() == path.length() || uri.charAt(path.length()) == '?');
    }

    private Mono<Void> serve(HttpServerRequest request, HttpServerResponse response) {
        response.responseHeaders().add(COMMON_HEADERS);
        return metrics.timed(request, response, dispatcher.handle(request, response));
    }
}
