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

/** Which of our media types a client wants its answer in. */
public final class ContentNegotiation {

    public static final MediaType JSON = MediaType.APPLICATION_JSON;
    public static final MediaType GRAPHQL = MediaType.APPLICATION_GRAPHQL_RESPONSE;
    public static final MediaType EVENTS = MediaType.TEXT_EVENT_STREAM;

    /** The order is for a client that takes any of them: plain JSON, says the specification. */
    private static final List<MediaType> OURS = List.of(JSON, GRAPHQL, EVENTS);

    /** How many different headers of one kind are remembered with what they come to. */
    static final int KNOWN = 64;

    private static final ConcurrentLruCache<String, Optional<MediaType>> BEST =
            new ConcurrentLruCache<>(KNOWN, ContentNegotiation::best);

    private ContentNegotiation() {}

    /** What the client likes best of what we have; empty when it takes none of it. */
    public static Optional<MediaType> of(HttpHeaders headers) {
        return BEST.get(String.join(",", headers.getAll(HttpHeaderNames.ACCEPT)));
    }

    private static Optional<MediaType> best(String accepted) {
        List<MediaType> wanted = wanted(accepted);
        return wanted.isEmpty()
                ? Optional.of(JSON)
                : wanted.stream()
                        .filter(type -> type.getQualityValue() > 0)
                        .sorted(Comparator.comparingDouble(MediaType::getQualityValue)
                                .reversed())
                        .flatMap(type -> OURS.stream().filter(type::includes))
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
