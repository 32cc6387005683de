package chatql.graphql.transport.admission;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.nio.charset.StandardCharsets;

/**
 * Adds {@code errors} to Reactor Netty's own responses to undecodable requests, which have no body, so that every
 * rejection has them.
 */
final class DecodingFailureHandler extends ChannelDuplexHandler {
    private boolean failed;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        failed |= message instanceof DecoderResultProvider decoded
                && decoded.decoderResult().isFailure();
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean lacksBody = failed
                && message instanceof FullHttpResponse response
                && !reason(response).isEmpty()
                && !response.content().isReadable();
        context.write(lacksBody ? withErrors((FullHttpResponse) message) : message, promise);
    }

    private static FullHttpResponse withErrors(FullHttpResponse bare) {
        byte[] body = ("{\"errors\":[{\"message\":\"" + reason(bare) + "\"}]}").getBytes(StandardCharsets.US_ASCII);
        FullHttpResponse withErrors = bare.replace(Unpooled.wrappedBuffer(body));
        bare.release();
        withErrors
                .headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return withErrors;
    }

    /** Without characters that JSON escapes; empty for other responses. */
    private static String reason(FullHttpResponse response) {
        return switch (response.status().code()) {
            case 400 -> "This is not an HTTP request";
            case 414 -> "The request line is too long";
            case 431 -> "The request's header fields are too large";
            default -> "";
        };
    }
}
