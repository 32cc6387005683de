package chatql.graphql.transport.http;

import chatql.graphql.transport.request.RequestRejected;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.ConcurrentLruCache;

/** Negotiates the response's media type from {@code Accept}. */
public final class ContentNegotiation {

    public static final MediaType JSON = MediaType.APPLICATION_JSON;
    public static final MediaType GRAPHQL = MediaType.APPLICATION_GRAPHQL_RESPONSE;
    public static final MediaType EVENTS = MediaType.TEXT_EVENT_STREAM;

    /** In order of preference for a client that accepts any of them: plain JSON first, by the specification. */
    private static final List<MediaType> SUPPORTED = List.of(JSON, GRAPHQL, EVENTS);

    /** The number of cached results, for header values of one kind. */
    static final int KNOWN = 64;

    private static final ConcurrentLruCache<String, Optional<MediaType>> CACHE =
            new ConcurrentLruCache<>(KNOWN, ContentNegotiation::best);

    private ContentNegotiation() {}

    /** The client's preferred type among the supported ones; empty where it accepts none. */
    public static Optional<MediaType> of(HttpHeaders headers) {
        return CACHE.get(String.join(",", headers.getAll(HttpHeaderNames.ACCEPT)));
    }

    private static Optional<MediaType> best(String accepted) {
        List<MediaType> wanted = wanted(accepted);
        return wanted.isEmpty()
                ? Optional.of(JSON)
                : wanted.stream()
                        .filter(type -> type.getQualityValue() > 0)
                        .sorted(Comparator.comparingDouble(MediaType::getQualityValue)
                                .reversed())
                        .flatMap(type -> SUPPORTED.stream().filter(type::includes))
                        .findFirst();
    }

    private static List<MediaType> wanted(String accepted) {
        try {
            return MediaType.parseMediaTypes(accepted);
        } catch (InvalidMediaTypeException unreadable) {
            throw RequestRejected.badRequest("The Accept header cannot be read");
        }
    }
}
