package chatql.graphql.transport.admission;

import chatql.graphql.transport.budget.TransportSettings;
import chatql.limit.AnswerBudget;
import chatql.limit.Limit;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits so long for the head of a connection's first request, so long for the next one's after an answer was taken, so long
 * for the next byte of an answer to be taken, and so long for a body: for the whole of it, so that a client that sends a byte
 * now and then gains nothing. A body that takes longer fails
 * with {@link ReadTimeoutException}, and its reader answers. Belongs to the channel's event loop.
 */
final class HttpTimeoutHandler extends ChannelDuplexHandler {
    private final LimitSettings limits;
    private final Duration bodyTimeout;
    private final Duration deadAfter;
    private final LimitMetrics limitMetrics;
    private final AnswerBudget budget;
    private final WriteProgress writeProgress;
    private final PipelinedRequestLimiter ahead;
    private int untaken;
    private int unanswered;
    private boolean reading;
    private boolean answered;
    private boolean counted;
    private long deadline;
    private @Nullable Limit due;
    private @Nullable ScheduledFuture<?> look;
    private @Nullable ScheduledFuture<?> bodyEnd;

    HttpTimeoutHandler(
            LimitSettings limits, TransportSettings settings, LimitMetrics limitMetrics, AnswerBudget budget) {
        this.limits = limits;
        this.bodyTimeout = settings.bodyTimeout();
        this.deadAfter = settings.readTimeout();
        this.limitMetrics = limitMetrics;
        this.budget = budget;
        this.ahead = new PipelinedRequestLimiter(budget);
        this.writeProgress = new WriteProgress();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        allow(context, limits.requestHeaderTimeout(), Limit.HANDSHAKE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            unanswered++;
            due = untaken == 0 ? null : due;
            reading = true;
            answered = false;
            ahead.begin(request, unanswered);
        }
        if (message instanceof HttpContent content) {
            ahead.add(content.content().readableBytes());
        }
        if (message instanceof LastHttpContent) {
            reading = false;
            bodyEnd = stopped(bodyEnd);
        }
        if (ahead.isTooMuch()) {
            ReferenceCountUtil.release(message);
            crowd(context);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void crowd(ChannelHandlerContext context) {
        if (context.channel().isOpen()) {
            limitMetrics.count(Limit.PIPELINED);
            context.close();
        }
    }

    /** Most bodies come with their heads, and need no timer. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (reading && bodyEnd == null) {
            bodyEnd = after(context, bodyTimeout.toNanos(), () -> late(context));
        }
        context.fireChannelReadComplete();
    }

    /** Of a body that was answered already, or is being answered, nothing takes a failure. */
    private void late(ChannelHandlerContext context) {
        if (answered) {
            limitMetrics.count(Limit.BODY_TIMEOUT);
            context.close();
        } else {
            context.fireExceptionCaught(ReadTimeoutException.INSTANCE);
        }
    }

    /** An answer is counted, and its client waited for, until all of it is taken: Reactor Netty calls it written at once. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response && !isInterim(response)) {
            answered = true;
            counted = !isEventStream(response);
        }
        int length = counted ? length(message) : 0;
        if (message instanceof LastHttpContent && !isInterim(message)) {
            unanswered = Math.max(0, unanswered - 1);
            ahead.answered();
            untaken++;
            budget.add(length);
            context.write(message, promise.unvoid().addListener(taken -> taken(context, length)));
            await(context);
        } else if (length > 0) {
            budget.add(length);
            context.write(message, promise.unvoid().addListener(taken -> budget.release(length)));
        } else {
            context.write(message, promise);
        }
    }

    /** Each event of a stream is counted where it is queued. */
    private static boolean isEventStream(HttpResponse response) {
        return response.headers().contains(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM, true);
    }

    private static int length(Object message) {
        return switch (message) {
            case ByteBuf bytes -> bytes.readableBytes();
            case HttpContent content -> content.content().readableBytes();
            default -> 0;
        };
    }

    /** From the last byte that the client took, as long as it takes any. */
    private void await(ChannelHandlerContext context) {
        if (due != Limit.IDLE || !writeProgress.isWatched()) {
            writeProgress.begin(context.channel());
            allow(context, deadAfter.dividedBy(WriteProgress.LOOKS), Limit.IDLE);
        }
    }

    private void taken(ChannelHandlerContext context, int length) {
        budget.release(length);
        if (--untaken == 0) {
            writeProgress.end();
            due = null;
            if (unanswered == 0 && context.channel().isActive()) {
                allow(context, limits.keepAliveTimeout(), Limit.IDLE);
            }
        }
    }

    /** An upgrade to a WebSocket is one, too: nothing of HTTP comes after it. */
    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /** A timer that is running already is left to run, and then looks how long there is still to wait. */
    private void allow(ChannelHandlerContext context, Duration time, Limit limit) {
        due = limit;
        deadline = System.nanoTime() + time.toNanos();
        if (look == null || look.getDelay(TimeUnit.NANOSECONDS) > time.toNanos()) {
            look = stopped(look);
            look(context);
        }
    }

    private void look(ChannelHandlerContext context) {
        long left = deadline - System.nanoTime();
        look = null;
        if (due != null && left > 0) {
            look = after(context, left, () -> look(context));
        } else if (due != null && writeProgress.isWatched() && writeProgress.goesOn(context.channel())) {
            allow(context, deadAfter.dividedBy(WriteProgress.LOOKS), due);
        } else if (due != null) {
            limitMetrics.count(due);
            context.close();
        }
    }

    private static ScheduledFuture<?> after(ChannelHandlerContext context, long nanos, Runnable step) {
        return context.executor().schedule(step, nanos, TimeUnit.NANOSECONDS);
    }

    private static @Nullable ScheduledFuture<?> stopped(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
        return null;
    }

    private void stop() {
        ahead.end();
        reading = false;
        due = null;
        look = stopped(look);
        bodyEnd = stopped(bodyEnd);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }
}
