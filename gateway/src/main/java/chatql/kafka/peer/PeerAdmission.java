package chatql.kafka.peer;

import chatql.limit.Address;
import chatql.limit.Limit;
import chatql.limit.LimitSettings;
import chatql.limit.Places;
import chatql.limit.TurnedAway;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Bounds the questions of other pods, which come in at the clients' port: how many wait for their answers, in all and from
 * one address, and how many bytes of bodies they have. The places are their own, so that clients who take all of the API's
 * take none of a pod's, and one address takes at most a quarter of the bytes.
 */
public final class PeerAdmission {
    /** Of one question, in bytes: 32 inboxes with a token of 2 KiB each fit, and so does the codec's own bound. */
    static final int LARGEST_BODY = 256 * 1024;

    /** Of a body, in bytes, as it is counted. */
    private static final int UNIT = 1024;

    /** Of all bodies, in units: 16 MiB. */
    private static final int BODIES = 16 * 1024;

    /** Of those from one address, in units: 4 MiB. A pod has eight bodies on their way at once, and small ones. */
    private static final int BODIES_PER_ADDRESS = 4 * 1024;

    private static final String ALL = "";

    private final TurnedAway turnedAway;
    private final Places requests;
    private final Places requestsPerAddress;
    private final Places bodies = new Places(BODIES);
    private final Places bodiesPerAddress = new Places(BODIES_PER_ADDRESS);

    public PeerAdmission(LimitSettings limits, TurnedAway turnedAway) {
        this.turnedAway = turnedAway;
        this.requests = new Places(limits.requests());
        this.requestsPerAddress = new Places(limits.requestsPerAddress());
    }

    /** The answer, or a refusal before any of the body is read. */
    Mono<ServerResponse> admit(ServerRequest request, Supplier<Mono<ServerResponse>> answer) {
        if (request.headers().asHttpHeaders().containsHeader(HttpHeaders.TRANSFER_ENCODING)) {
            return refused(HttpStatus.LENGTH_REQUIRED, null);
        }
        long length = request.headers().contentLength().orElse(0);
        if (length > LARGEST_BODY) {
            return refused(HttpStatus.CONTENT_TOO_LARGE, Limit.MAX_BODY);
        }
        String address = address(request).key();
        int units = Math.toIntExact((length + UNIT - 1) / UNIT);
        return take(
                requests,
                ALL,
                1,
                Limit.PEER_REQUESTS,
                () -> take(
                        requestsPerAddress,
                        address,
                        1,
                        Limit.PEER_REQUESTS_PER_ADDRESS,
                        () -> take(
                                bodies,
                                ALL,
                                units,
                                Limit.PEER_BODIES,
                                () -> take(bodiesPerAddress, address, units, Limit.PEER_BODIES_PER_ADDRESS, answer))));
    }

    /** The connection's own, which no header changes. */
    private static Address address(ServerRequest request) {
        HttpServerRequest received =
                ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
        return Address.of(received.remoteAddress(), List.of(), 0);
    }

    private Mono<ServerResponse> take(
            Places places, String key, int amount, Limit limit, Supplier<Mono<ServerResponse>> next) {
        return Mono.defer(() -> places.take(key, amount)
                ? Mono.defer(next).doFinally(end -> places.leave(key, amount))
                : refused(HttpStatus.SERVICE_UNAVAILABLE, limit));
    }

    /** A pod that is refused tries again; what is left of the body isn't taken for another question. */
    private Mono<ServerResponse> refused(HttpStatus status, @Nullable Limit limit) {
        if (limit != null) {
            turnedAway.count(limit);
        }
        return ServerResponse.status(status)
                .header(HttpHeaders.CONNECTION, "close")
                .header(HttpHeaders.RETRY_AFTER, "1")
                .build();
    }
}
