package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import java.nio.charset.StandardCharsets;

/** A connection that sends requests over a WebSocket. */
final class SocketLine extends Line {
    private static final ByteBuf COMPLETE =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\"type\":\"complete\"", StandardCharsets.US_ASCII));

    private final Dialect dialect;
    private boolean welcome;
    private int asked;

    SocketLine(Lines lines, Dialect dialect) {
        super(lines);
        this.dialect = dialect;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            context.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(dialect.greeting())));
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Object read) {
        if (!(read instanceof TextWebSocketFrame frame)) {
            return;
        }
        if (!welcome) {
            welcome = frame.text().contains(dialect.welcome());
            ready(context);
        } else if (ByteBufUtil.indexOf(COMPLETE, frame.content()) < 0) {
            answered(context, frame.content());
        }
    }

    @Override
    Object question(ByteBuf body) {
        return new TextWebSocketFrame(dialect.operation(++asked, body));
    }
}
