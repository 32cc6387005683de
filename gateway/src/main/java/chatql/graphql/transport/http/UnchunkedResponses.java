package chatql.graphql.transport.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpVersion;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Turns off chunked transfer for HTTP/1.0 clients, which do not support it: a response without a length ends with its
 * connection (RFC 9112, 6.1).
 */
public final class UnchunkedResponses {
    private UnchunkedResponses() {}

    /** Returns the same response, whose head is not written yet. */
    public static Mono<Void> of(Mono<Void> answer, Connection exchange) {
        if (exchange instanceof HttpServerRequest request
                && request.version().equals(HttpVersion.HTTP_1_0)
                && exchange instanceof HttpServerResponse response) {
            // A response that is compressed while it is written would be chunked again.
            request.requestHeaders().remove(HttpHeaderNames.ACCEPT_ENCODING);
            response.chunkedTransfer(false);
        }
        return answer;
    }
}
