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

/** Every refusal has {@code errors}: Reactor Netty's own answers to what it can't decode have no body, and get one here. */
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
        boolean isBare = failed
                && message instanceof FullHttpResponse response
                && !reason(response).isEmpty()
                && !response.content().isReadable();
        context.write(isBare ? explained((FullHttpResponse) message) : message, promise);
    }

    private static FullHttpResponse explained(FullHttpResponse bare) {
        byte[] body = ("{\"errors\":[{\"message\":\"" + reason(bare) + "\"}]}").getBytes(StandardCharsets.US_ASCII);
        FullHttpResponse explained = bare.replace(Unpooled.wrappedBuffer(body));
        bare.release();
        explained
                .headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return explained;
    }

    /** Without characters that JSON escapes; empty for what is no answer to a failure. */
    private static String reason(FullHttpResponse response) {
        return switch (response.status().code()) {
            case 400 -> "This is not an HTTP request";
            case 414 -> "The first line of a request is too long";
            case 431 -> "The header fields of a request are too large";
            default -> "";
        };
    }
}
