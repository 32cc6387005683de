package chatql.delivery;

import chatql.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One subscriber's registration with the tap. */
public interface LiveSubscription {
    /**
     * Starts the subscription and emits an offset. Every message to the user from that offset on is delivered. This
     * includes every message that is appended after the subscription to this Mono. Errors with
     * {@link chatql.message.LogUnavailable}.
     */
    Mono<Long> from();

    /**
     * The messages in log order, for a single subscriber. A subscriber that exceeds its buffer gets
     * {@link SubscriberLagged}.
     */
    Flux<Message> messages();

    /** Ends the subscription and releases all of its memory. May be called at any time. */
    void stop();
}
