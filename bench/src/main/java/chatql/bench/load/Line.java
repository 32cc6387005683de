package chatql.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection with one request at a time. Belongs to the event loop. */
abstract class Line extends SimpleChannelInboundHandler<Object> {
    /** @param answered told the answer, or null where there was none */
    record Request(ByteBuf body, Consumer<@Nullable ByteBuf> answered) {}

    private final Lines lines;
    private @Nullable Channel channel;
    private @Nullable Request pending;

    Line(Lines lines) {
        this.lines = lines;
    }

    /** What is written to ask that. */
    abstract Object question(ByteBuf body);

    void send(Request request) {
        if (channel != null) {
            pending = request;
            channel.writeAndFlush(question(request.body()));
        }
    }

    /** It may be asked something. */
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

    /** What it had asked counts as failed. */
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
