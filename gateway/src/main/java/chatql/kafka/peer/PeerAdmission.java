package chatql.kafka.peer;

import chatql.limit.ClientAddress;
import chatql.limit.KeyedSemaphore;
import chatql.limit.Limit;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Limits the requests of other pods, which arrive at the clients' port: how many run, in all and per address, and how
 * many bytes their bodies have. These limits are separate from those of the API, so that clients cannot exhaust them.
 * One address gets at most a quarter of the bytes.
 */
public final class PeerAdmission implements WebFilter {
    /**
     * The maximum size of a body, in bytes. It fits 32 inbox queries with a token of 2 KiB each, and equals the codec's
     * own limit.
     */
    static final int MAX_BODY_SIZE = 256 * 1024;

    /** The unit in which bodies are counted, in bytes. */
    private static final int UNIT = 1024;

    /** The limit of all bodies, in units: 16 MiB. */
    private static final int BODIES = 16 * 1024;

    /** The limit of bodies from one address, in units: 4 MiB. A pod has eight small bodies in flight at once. */
    private static final int BODIES_PER_ADDRESS = 4 * 1024;

    private static final String ALL = "";

    private final PathPattern paths = PathPatternParser.defaultInstance.parse("/peer/**");
    private final LimitMetrics limitMetrics;
    private final KeyedSemaphore requests;
    private final KeyedSemaphore requestsPerAddress;
    private final KeyedSemaphore bodies = new KeyedSemaphore(BODIES);
    private final KeyedSemaphore bodiesPerAddress = new KeyedSemaphore(BODIES_PER_ADDRESS);

    public PeerAdmission(LimitSettings limits, LimitMetrics limitMetrics) {
        this.limitMetrics = limitMetrics;
        this.requests = new KeyedSemaphore(limits.requests());
        this.requestsPerAddress = new KeyedSemaphore(limits.requestsPerAddress());
    }

    /** Passes the request on, or rejects it before reading any of its body. */
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        return paths.matches(request.getPath().pathWithinApplication())
                ? admit(exchange, () -> chain.filter(exchange))
                : chain.filter(exchange);
    }

    private Mono<Void> admit(ServerWebExchange exchange, Supplier<Mono<Void>> answer) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders headers = exchange.getRequest().getHeaders();
        if (headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
            return rejected(response, HttpStatus.LENGTH_REQUIRED, null);
        }
        long length = Math.max(0, headers.getContentLength());
        if (length > MAX_BODY_SIZE) {
            return rejected(response, HttpStatus.CONTENT_TOO_LARGE, Limit.MAX_BODY);
        }
        String key = clientAddress(exchange.getRequest()).key();
        int units = Math.toIntExact((length + UNIT - 1) / UNIT);
        return take(
                response,
                requests,
                ALL,
                1,
                Limit.PEER_REQUESTS,
                () -> take(
                        response,
                        requestsPerAddress,
                        key,
                        1,
                        Limit.PEER_REQUESTS_PER_ADDRESS,
                        () -> take(
                                response,
                                bodies,
                                ALL,
                                units,
                                Limit.PEER_BODIES,
                                () -> take(
                                        response,
                                        bodiesPerAddress,
                                        key,
                                        units,
                                        Limit.PEER_BODIES_PER_ADDRESS,
                                        answer))));
    }

    /** The address of the connection itself, which no header can change. */
    private static ClientAddress clientAddress(ServerHttpRequest request) {
        HttpServerRequest received = ServerHttpRequestDecorator.getNativeRequest(request);
        return ClientAddress.of(received, 0);
    }

    private Mono<Void> take(
            ServerHttpResponse response,
            KeyedSemaphore keyedSemaphore,
            String key,
            int amount,
            Limit limit,
            Supplier<Mono<Void>> next) {
        return Mono.defer(() -> keyedSemaphore.tryAcquire(key, amount)
                ? Mono.defer(next).doFinally(end -> keyedSemaphore.release(key, amount))
                : rejected(response, HttpStatus.SERVICE_UNAVAILABLE, limit));
    }

    /**
     * Rejects the request; the other pod will retry. The connection closes, so that the unread body is not parsed as
     * another request.
     */
    private Mono<Void> rejected(ServerHttpResponse response, HttpStatus status, @Nullable Limit limit) {
        if (limit != null) {
            limitMetrics.count(limit);
        }
        response.setStatusCode(status);
        response.getHeaders().set(HttpHeaders.CONNECTION, "close");
        response.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
        return response.setComplete();
    }
}
