package chatql.graphql.transport.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpVersion;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A client of HTTP/1.0 knows no chunks: an answer to it that has no length ends with its connection (RFC 9112, 6.1). */
public final class UnchunkedResponses {
    private UnchunkedResponses() {}

    /** The same answer, whose head isn't written yet. */
    public static Mono<Void> of(Mono<Void> answer, Connection exchange) {
        if (exchange instanceof HttpServerRequest request
                && request.version().equals(HttpVersion.HTTP_1_0)
                && exchange instanceof HttpServerResponse response) {
            // What is compressed as it is written would be put into chunks again.
            request.requestHeaders().remove(HttpHeaderNames.ACCEPT_ENCODING);
            response.chunkedTransfer(false);
        }
        return answer;
    }
}
