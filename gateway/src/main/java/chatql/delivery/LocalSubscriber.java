package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Somebody who listens: takes what is offered without ever holding up who offers it. */
public final class LocalSubscriber {
    /** How many messages are on their way from thread to thread: those are in no bound of bytes, and may be large. */
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
     * What was offered to it, for one subscriber, where that wants it. Ends with {@link SubscriberLagged} when that was more than
     * it may keep.
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

    /** Whether it took the message and wants more; never called by two threads at once. */
    boolean offer(Message message) {
        return switch (sink.tryEmitNext(message)) {
            case OK -> true;
            case FAIL_OVERFLOW, FAIL_ZERO_SUBSCRIBER -> fallBackBefore(message);
            case FAIL_CANCELLED, FAIL_TERMINATED, FAIL_NON_SERIALIZED -> false;
        };
    }

    /** Sends it to history for the message, and for all that it hasn't taken yet. */
    boolean fallBackBefore(Message message) {
        return fallBackToHistory(subscriberBuffer.drop(message));
    }

    /** Ends it with an error, after what it has taken. */
    void end(RuntimeException why) {
        sink.tryEmitError(why);
    }

    /** Sends it to history; it wants no more from here. */
    boolean fallBackToHistory(Cursor position) {
        sink.tryEmitError(new SubscriberLagged(position));
        return false;
    }
}
