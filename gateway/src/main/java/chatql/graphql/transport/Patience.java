package chatql.graphql.transport;

import chatql.limit.Limit;
import chatql.limit.LimitSettings;
import chatql.limit.TurnedAway;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits so long for the head of a connection's first request, and so long for the next one's after an answer: for the
 * whole of it, so that whoever sends a byte now and then gains nothing. Belongs to the channel's event loop.
 */
final class Patience extends ChannelDuplexHandler {
    private final LimitSettings limits;
    private final TurnedAway turnedAway;
    private int unanswered;
    private @Nullable ScheduledFuture<?> end;

    Patience(LimitSettings limits, TurnedAway turnedAway) {
        this.limits = limits;
        this.turnedAway = turnedAway;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        allow(context, limits.handshake(), Limit.HANDSHAKE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            unanswered++;
            stop();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInterim(message) && --unanswered <= 0) {
            unanswered = 0;
            allow(context, limits.idle(), Limit.IDLE);
        }
        context.write(message, promise);
    }

    /** An upgrade to a WebSocket is one, too: nothing of HTTP comes after it. */
    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    private void allow(ChannelHandlerContext context, Duration time, Limit limit) {
        stop();
        end = context.executor()
                .schedule(
                        () -> {
                            turnedAway.count(limit);
                            context.close();
                        },
                        time.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void stop() {
        if (end != null) {
            end.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }
}
