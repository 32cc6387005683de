package chatql.message;

import chatql.user.UserId;
import reactor.core.publisher.Mono;

/** Every message, in its recipient's order, for good. */
public interface MessageLog {
    /**
     * Completes once all in-sync replicas have the message: from then on every listener will hear it. When it is known to
     * repeat an earlier one, that one is given and nothing is appended. Errors with
     * {@link LogUnavailable} within the delivery timeout; the message may then have been stored all the same.
     */
    Mono<Message> append(Draft draft);

    /** Where the user's messages stand; it has every message whose append was completed before. Errors with {@link LogUnavailable}. */
    Mono<LogRange> logRange(UserId user);
}
