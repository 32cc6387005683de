package chatql.graphql.transport.http;

import chatql.graphql.transport.budget.Reservation;
import chatql.graphql.transport.budget.TransportSettings;
import chatql.graphql.transport.connection.TransportContext;
import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.Json;
import chatql.graphql.transport.request.RequestRejected;
import chatql.limit.Limit;
import chatql.limit.LimitMetrics;
import graphql.parser.ParserOptions;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.ConcurrentLruCache;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Reads the operation from an HTTP request, within the limits on its size and time; errors with {@link
 * RequestRejected}.
 */
public final class GraphQlRequestReader {

    /** By content type, of which clients use few. */
    private static final ConcurrentLruCache<String, Charset> CHARSETS =
            new ConcurrentLruCache<>(ContentNegotiation.KNOWN, GraphQlRequestReader::charset);

    private final Json json;
    private final TransportSettings settings;
    private final ParserOptions parser;
    private final LimitMetrics limitMetrics;

    public GraphQlRequestReader(TransportContext shared) {
        this.json = shared.json();
        this.settings = shared.settings();
        this.parser = shared.parser();
        this.limitMetrics = shared.limitMetrics();
    }

    /** Reads a GET: the parameters are in the query string, the structured ones as JSON. */
    public GraphQlRequestBody fromQuery(HttpServerRequest request) {
        Map<String, List<String>> asked = query(request);
        Map<String, Object> parameters = new HashMap<>();
        for (String name : new String[] {"query", "operationName"}) {
            first(asked, name).ifPresent(text -> parameters.put(name, text));
        }
        for (String name : new String[] {"variables", "extensions"}) {
            first(asked, name)
                    .map(text -> json.read(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .ifPresent(value -> parameters.put(name, value));
        }
        return new GraphQlRequestBody(parameters, parser);
    }

    /** Reads a POST: the body is a JSON object. */
    public Mono<GraphQlRequestBody> fromBody(HttpServerRequest request, Reservation reservation) {
        Charset charset = CHARSETS.get(request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, ""));
        int most = Math.toIntExact(settings.maxBody().toBytes());
        // Before anything is read: the rest of a partly read body could not be told from the next request.
        reservation.body(Math.min(most, BoundedRequestBody.announced(request, most)));
        return BoundedRequestBody.of(request, most)
                .map(body -> read(body.whole(), charset))
                .onErrorMap(failure -> switch (failure) {
                    case DataBufferLimitException tooMuch -> tooLarge();
                    case ReadTimeoutException tooSlow -> tooSlow();
                    default -> failure;
                });
    }

    private GraphQlRequestBody read(byte[] bytes, Charset charset) {
        if (bytes.length == 0) {
            throw RequestRejected.badRequest("The request has no body");
        }
        return new GraphQlRequestBody(json.readObject(bytes, charset, "The request"), parser);
    }

    private RequestRejected tooLarge() {
        limitMetrics.count(Limit.MAX_BODY);
        return new RequestRejected(
                HttpStatus.CONTENT_TOO_LARGE,
                "A request has at most " + settings.maxBody().toBytes() + " bytes");
    }

    private RequestRejected tooSlow() {
        limitMetrics.count(Limit.BODY_TIMEOUT);
        return new RequestRejected(HttpStatus.REQUEST_TIMEOUT, "The request's body took too long to arrive");
    }

    private static Map<String, List<String>> query(HttpServerRequest request) {
        try {
            return QueryStringDecoder.builder()
                    .semicolonIsNormalChar(true)
                    .build(request.uri())
                    .parameters();
        } catch (IllegalArgumentException unreadable) {
            throw RequestRejected.badRequest("The URL cannot be parsed");
        }
    }

    private static Optional<String> first(Map<String, List<String>> asked, String name) {
        return asked.getOrDefault(name, List.of()).stream().findFirst().filter(text -> !text.isEmpty());
    }

    /** The charset of a JSON body, by its content type. */
    private static Charset charset(String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            if (!type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)) {
                throw unsupported();
            }
            return Optional.ofNullable(type.getCharset()).orElse(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unreadable) {
            throw unsupported();
        }
    }

    private static RequestRejected unsupported() {
        return new RequestRejected(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE, "A request is application/json in a supported charset");
    }
}
