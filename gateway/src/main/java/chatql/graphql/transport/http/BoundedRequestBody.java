package chatql.graphql.transport.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.springframework.core.io.buffer.DataBufferLimitException;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * A request's body, bounded in memory. Bytes beyond the bound are read and discarded for a while: closing a connection
 * while its client sends resets it, and the client would lose the response.
 */
final class BoundedRequestBody {
    /** How many times the bound is read in all. */
    private static final int TAKEN = 4;

    /** How long a body is read whose announced length is too large. */
    private static final Duration MAX_TIME = Duration.ofSeconds(1);

    private final int most;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long taken;

    private BoundedRequestBody(int most) {
        this.most = most;
    }

    /** Errors with {@link DataBufferLimitException} where the body is far larger than {@code most}. */
    static Mono<BoundedRequestBody> of(HttpServerRequest request, int most) {
        long announced = announced(request, 0);
        if (announced > (long) TAKEN * most) {
            return Mono.error(() -> tooLarge(most));
        }
        Mono<BoundedRequestBody> read =
                request.receive().collect(() -> new BoundedRequestBody(most), BoundedRequestBody::take);
        return announced > most ? read.timeout(MAX_TIME, Mono.error(() -> tooLarge(most))) : read;
    }

    /** The {@code Content-Length}; {@code otherwise} where there is none. */
    static long announced(HttpServerRequest request, long otherwise) {
        String length = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? otherwise : Long.parseLong(length);
    }

    private void take(ByteBuf buffer) {
        int length = buffer.readableBytes();
        taken += length;
        if (taken <= most) {
            kept.writeBytes(ByteBufUtil.getBytes(buffer));
        } else if (taken > (long) TAKEN * most) {
            throw tooLarge(most);
        }
    }

    /**
     * The bytes, empty where there is no body. Throws {@link DataBufferLimitException} where it is larger than the
     * bound.
     */
    byte[] whole() {
        if (taken > most) {
            throw tooLarge(most);
        }
        return kept.toByteArray();
    }

    private static DataBufferLimitException tooLarge(int most) {
        return new DataBufferLimitException("More than " + most + " bytes");
    }
}
