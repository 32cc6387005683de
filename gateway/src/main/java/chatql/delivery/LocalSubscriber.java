package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** A subscriber on this pod. It buffers what it is offered and never blocks the thread that offers it. */
public final class LocalSubscriber {
    /** How many messages {@code publishOn} prefetches. No byte limit counts them, and each may be large. */
    private static final int HANDOVER = 1;

    private final UserId user;
    private final SubscriberBuffer subscriberBuffer;
    private final Sinks.Many<Message> sink;
    private final Scheduler scheduler;
    private volatile boolean stopped;

    LocalSubscriber(UserId user, BufferLimits bufferLimits, Scheduler scheduler) {
        this.user = user;
        this.subscriberBuffer = new SubscriberBuffer(bufferLimits);
        this.sink = Sinks.unsafe().many().unicast().onBackpressureBuffer(subscriberBuffer);
        this.scheduler = scheduler;
    }

    UserId user() {
        return user;
    }

    /**
     * The messages that were offered, for a single subscriber, on the subscriber's scheduler. Ends with
     * {@link SubscriberLagged} when they exceed the buffer.
     */
    public Flux<Message> messages() {
        return Flux.deferContextual(
                context -> sink.asFlux().publishOn(DeliveryScheduler.of(context, scheduler), HANDOVER));
    }

    boolean isStopped() {
        return stopped;
    }

    void stop() {
        stopped = true;
        subscriberBuffer.forget();
    }

    /** Offers the message. Returns whether the subscriber took it and wants more. Never called by two threads at once. */
    boolean offer(Message message) {
        return switch (sink.tryEmitNext(message)) {
            case OK -> true;
            case FAIL_OVERFLOW, FAIL_ZERO_SUBSCRIBER -> fallBackBefore(message);
            case FAIL_CANCELLED, FAIL_TERMINATED, FAIL_NON_SERIALIZED -> false;
        };
    }

    /** Makes the subscriber read this message, and everything in its buffer, from history. */
    boolean fallBackBefore(Message message) {
        return fallBackToHistory(subscriberBuffer.drop(message));
    }

    /** Ends the subscription with an error, after the messages that the subscriber has already taken. */
    void end(RuntimeException cause) {
        sink.tryEmitError(cause);
    }

    /** Makes the subscriber read on from history. Returns false, because it takes no more messages here. */
    boolean fallBackToHistory(Cursor position) {
        sink.tryEmitError(new SubscriberLagged(position));
        return false;
    }
}
