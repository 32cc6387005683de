package chatql.delivery;

import chatql.message.Message;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One listener's connection to the tap. */
public interface LiveSubscription {
    /**
     * Begins; the offset from which on every message to the user comes. None is missed that is appended after the
     * subscription to this Mono. Errors with {@link chatql.message.LogUnavailable}.
     */
    Mono<Long> from();

    /** The messages, for one subscriber, in order. A listener too slow for its bounds is cut off with {@link SubscriberLagged}. */
    Flux<Message> messages();

    /** Ends it, at any time; nothing is kept of it. */
    void stop();
}
