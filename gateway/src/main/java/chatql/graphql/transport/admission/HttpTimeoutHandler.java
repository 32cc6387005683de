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
 * Enforces four timeouts of an HTTP connection: for the head of the first request, for the next request after a
 * response was taken, for the next byte of a response to be taken, and for a whole body. The last one covers the whole
 * body, so that a client gains nothing by sending a byte now and then. A body that takes longer fails with {@link
 * ReadTimeoutException}, and its reader responds. Belongs to the channel's event loop.
 */
final class HttpTimeoutHandler extends ChannelDuplexHandler {
    private final LimitSettings limits;
    private final Duration bodyTimeout;
    private final Duration writeTimeout;
    private final LimitMetrics limitMetrics;
    private final AnswerBudget budget;
    private final WriteProgress writeProgress;
    private final PipelinedRequestLimiter ahead;
    private int unwritten;
    private int unanswered;
    private boolean reading;
    private boolean answered;
    private boolean counted;
    private long deadline;
    private @Nullable Limit due;
    private @Nullable ScheduledFuture<?> check;
    private @Nullable ScheduledFuture<?> bodyEnd;

    HttpTimeoutHandler(
            LimitSettings limits, TransportSettings settings, LimitMetrics limitMetrics, AnswerBudget budget) {
        this.limits = limits;
        this.bodyTimeout = settings.bodyTimeout();
        this.writeTimeout = settings.readTimeout();
        this.limitMetrics = limitMetrics;
        this.budget = budget;
        this.ahead = new PipelinedRequestLimiter(budget);
        this.writeProgress = new WriteProgress();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        allow(context, limits.requestHeaderTimeout(), Limit.REQUEST_HEADER_TIMEOUT);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            unanswered++;
            due = unwritten == 0 ? null : due;
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
            closePipelined(context);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void closePipelined(ChannelHandlerContext context) {
        if (context.channel().isOpen()) {
            limitMetrics.count(Limit.PIPELINED);
            context.close();
        }
    }

    /** Starts the body's timer only here: most bodies arrive with their heads and need none. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (reading && bodyEnd == null) {
            bodyEnd = after(context, bodyTimeout.toNanos(), () -> bodyTimedOut(context));
        }
        context.fireChannelReadComplete();
    }

    /** Closes the connection where the response has begun: then nothing handles a failure of the body. */
    private void bodyTimedOut(ChannelHandlerContext context) {
        if (answered) {
            limitMetrics.count(Limit.BODY_TIMEOUT);
            context.close();
        } else {
            context.fireExceptionCaught(ReadTimeoutException.INSTANCE);
        }
    }

    /**
     * Counts a response in the budget, and keeps the timer, until the client has taken all of it: Reactor Netty treats
     * it as written at once.
     */
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
            unwritten++;
            budget.add(length);
            context.write(message, promise.unvoid().addListener(taken -> taken(context, length)));
            awaitTaken(context);
        } else if (length > 0) {
            budget.add(length);
            context.write(message, promise.unvoid().addListener(taken -> budget.release(length)));
        } else {
            context.write(message, promise);
        }
    }

    /** Whether the response is an event stream, whose events {@code OutboundQueue} counts. */
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

    /** Starts the timeout that is measured from the last byte that the client took. */
    private void awaitTaken(ChannelHandlerContext context) {
        if (due != Limit.KEEP_ALIVE_TIMEOUT || !writeProgress.isWatched()) {
            writeProgress.begin(context.channel());
            allow(context, writeTimeout.dividedBy(WriteProgress.LOOKS), Limit.KEEP_ALIVE_TIMEOUT);
        }
    }

    private void taken(ChannelHandlerContext context, int length) {
        budget.release(length);
        if (--unwritten == 0) {
            writeProgress.end();
            due = null;
            if (unanswered == 0 && context.channel().isActive()) {
                allow(context, limits.keepAliveTimeout(), Limit.KEEP_ALIVE_TIMEOUT);
            }
        }
    }

    /** Whether a response is informational. An upgrade to a WebSocket is one, too: no HTTP follows it. */
    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    /**
     * Moves the deadline. A timer that already runs keeps running and then computes the remaining time, which is
     * cheaper than a new timer per message.
     */
    private void allow(ChannelHandlerContext context, Duration time, Limit limit) {
        due = limit;
        deadline = System.nanoTime() + time.toNanos();
        if (check == null || check.getDelay(TimeUnit.NANOSECONDS) > time.toNanos()) {
            check = stopped(check);
            check(context);
        }
    }

    private void check(ChannelHandlerContext context) {
        long left = deadline - System.nanoTime();
        check = null;
        if (due != null && left > 0) {
            check = after(context, left, () -> check(context));
        } else if (due != null && writeProgress.isWatched() && writeProgress.goesOn(context.channel())) {
            allow(context, writeTimeout.dividedBy(WriteProgress.LOOKS), due);
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
        check = stopped(check);
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
