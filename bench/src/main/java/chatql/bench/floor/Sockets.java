package chatql.bench.floor;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lets a WebSocket listen to whom it names. */
final class Sockets extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Listeners listeners;

    Sockets(Listeners listeners) {
        this.listeners = listeners;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
        JsonNode user = JSON.readTree(frame.text()).get("userId");
        if (user == null) {
            context.writeAndFlush(new TextWebSocketFrame("{\"type\":\"ready\"}"));
        } else {
            listeners.add(user.stringValue(), context.channel());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        context.close();
    }
}
