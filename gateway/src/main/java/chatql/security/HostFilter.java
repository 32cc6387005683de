package chatql.security;

import chatql.logging.RateLimitedLogger;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Rejects requests by their {@code Host}, on the server's port and on the management port: 400 and 421, with {@code
 * errors}.
 */
final class HostFilter implements WebFilter, Ordered {
    private final RateLimitedLogger log = new RateLimitedLogger(HostFilter.class);

    private static final HttpStatusCode BAD_REQUEST = HttpStatusCode.valueOf(400);

    /** RFC 9110, 15.5.20. */
    private static final HttpStatusCode MISDIRECTED_REQUEST = HttpStatusCode.valueOf(421);

    private final ApplicationContext server;
    private final HostRule hosts;
    private final HostRule managementHosts;

    /**
     * @param server the context that {@code hosts} applies to; the management port has another context, or is the
     *     same port
     */
    HostFilter(ApplicationContext server, HostRule hosts, HostRule managementHosts) {
        this.server = server;
        this.hosts = hosts;
        this.managementHosts = managementHosts;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HostRule rule = server.equals(exchange.getApplicationContext()) ? hosts : managementHosts;
        List<String> lines = exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.HOST);
        return switch (rule.of(lines, isRequired(exchange.getRequest()))) {
            case SERVED -> chain.filter(exchange);
            case MALFORMED -> refuse(exchange.getResponse(), BAD_REQUEST, "A request needs exactly one valid Host");
            case FOREIGN -> {
                log.warn(
                        "Rejected a request for the host {}: on a loopback address the gateway serves only loopback names and"
                                + " those in chatql.transport.allowed-hosts",
                        lines.getFirst());
                yield refuse(exchange.getResponse(), MISDIRECTED_REQUEST, "This gateway does not serve that Host");
            }
        };
    }

    private static boolean isRequired(ServerHttpRequest request) {
        HttpServerRequest received = ServerHttpRequestDecorator.getNativeRequest(request);
        return !received.version().equals(HttpVersion.HTTP_1_0);
    }

    /** @param reason without characters that JSON escapes */
    private static Mono<Void> refuse(ServerHttpResponse response, HttpStatusCode status, String reason) {
        byte[] body = ("{\"errors\":[{\"message\":\"" + reason + "\"}]}").getBytes(StandardCharsets.UTF_8);
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(body.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }

    /** After {@link SecurityHeaders} and before every handler. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 1;
    }
}
