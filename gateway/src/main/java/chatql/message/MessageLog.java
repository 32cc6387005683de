package chatql.message;

import chatql.user.UserId;
import reactor.core.publisher.Mono;

/** The port to the log of all messages, which keeps them permanently and in order per recipient. */
public interface MessageLog {
    /**
     * Completes once all in-sync replicas have the message. From then on every subscriber will get it. A known retry
     * emits the earlier message and appends nothing. Errors with {@link LogUnavailable} within the delivery timeout;
     * the message may be stored nevertheless.
     */
    Mono<Message> append(Draft draft);

    /**
     * The range of the user's partition, which includes every message whose append has completed. Errors with
     * {@link LogUnavailable}.
     */
    Mono<LogRange> logRange(UserId user);
}
