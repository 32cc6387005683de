package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Somebody who listens: takes what is offered without ever holding up who offers it. */
public final class Listener {
    /** How many messages are on their way from thread to thread: those are in no bound of bytes, and may be large. */
    private static final int HANDOVER = 1;

    private final UserId user;
    private final Backlog backlog;
    private final Sinks.Many<Message> sink;
    private final Scheduler scheduler;
    private volatile boolean stopped;

    Listener(UserId user, Bounds bounds, Scheduler scheduler) {
        this.user = user;
        this.backlog = new Backlog(bounds);
        this.sink = Sinks.unsafe().many().unicast().onBackpressureBuffer(backlog);
        this.scheduler = scheduler;
    }

    UserId user() {
        return user;
    }

    /**
     * What was offered to it, for one subscriber, where that wants it. Ends with {@link Behind} when that was more than
     * it may keep.
     */
    public Flux<Message> messages() {
        return Flux.deferContextual(context -> sink.asFlux().publishOn(Handover.of(context, scheduler), HANDOVER));
    }

    boolean isStopped() {
        return stopped;
    }

    void stop() {
        stopped = true;
        backlog.forget();
    }

    /** Whether it took the message and wants more; never called by two threads at once. */
    boolean offer(Message message) {
        return switch (sink.tryEmitNext(message)) {
            case OK -> true;
            case FAIL_OVERFLOW, FAIL_ZERO_SUBSCRIBER -> sendBack(message);
            case FAIL_CANCELLED, FAIL_TERMINATED, FAIL_NON_SERIALIZED -> false;
        };
    }

    /** Sends it to history for the message, and for all that it hasn't taken yet. */
    boolean sendBack(Message message) {
        return cutOff(backlog.drop(message));
    }

    /** Ends it with an error, after what it has taken. */
    void end(RuntimeException why) {
        sink.tryEmitError(why);
    }

    /** Sends it to history; it wants no more from here. */
    boolean cutOff(Cursor position) {
        sink.tryEmitError(new Behind(position));
        return false;
    }
}
