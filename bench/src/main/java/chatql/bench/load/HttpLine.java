package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/** A connection that sends HTTP requests. */
final class HttpLine extends Line {
    private final Dialect dialect;

    HttpLine(Lines lines, Dialect dialect) {
        super(lines);
        this.dialect = dialect;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        ready(context);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Object read) {
        if (read instanceof FullHttpResponse response) {
            answered(context, response.content());
        }
    }

    @Override
    Object question(ByteBuf body) {
        var post = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, dialect.path(), body);
        post.headers()
                .set(HttpHeaderNames.HOST, "127.0.0.1")
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.ACCEPT, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return post;
    }
}
