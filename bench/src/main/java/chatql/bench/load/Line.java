package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection with one request at a time. Belongs to the event loop. */
abstract class Line extends SimpleChannelInboundHandler<Object> {
    /** @param answered receives the response, or null where there was none */
    record Request(ByteBuf body, Consumer<@Nullable ByteBuf> answered) {}

    private final Lines lines;
    private @Nullable Channel channel;
    private @Nullable Request pending;

    Line(Lines lines) {
        this.lines = lines;
    }

    /** Encodes a request. */
    abstract Object question(ByteBuf body);

    void send(Request request) {
        if (channel != null) {
            pending = request;
            channel.writeAndFlush(question(request.body()));
        }
    }

    /** The connection is ready for a request. */
    final void ready(ChannelHandlerContext context) {
        channel = context.channel();
        lines.ready(this, channel);
    }

    final void answered(ChannelHandlerContext context, ByteBuf answer) {
        Request answered = pending;
        pending = null;
        if (answered != null) {
            answered.answered().accept(answer);
            ready(context);
        }
    }

    /** Fails the pending request. */
    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        lines.gone(this, context.channel());
        if (pending != null) {
            pending.answered().accept(null);
            pending = null;
        }
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        context.close();
    }
}
