package chatql.bench.floor;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Subscribes a WebSocket to the user that it names, and appends the messages that it sends. */
final class Sockets extends SimpleChannelInboundHandler<TextWebSocketFrame> {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Log log;
    private final Listeners listeners;

    Sockets(Log log, Listeners listeners) {
        this.log = log;
        this.listeners = listeners;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
        byte[] text = ByteBufUtil.getBytes(frame.content());
        JsonNode message = JSON.readTree(text);
        if (message.has("recipientId")) {
            log.append(
                    message.get("recipientId").stringValue(),
                    text,
                    (place, failure) ->
                            context.writeAndFlush(new TextWebSocketFrame(Posts.answer(place, failure == null))));
        } else if (message.has("userId")) {
            listeners.add(message.get("userId").stringValue(), context.channel());
        } else {
            context.writeAndFlush(new TextWebSocketFrame("{\"type\":\"ready\"}"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        context.close();
    }
}
