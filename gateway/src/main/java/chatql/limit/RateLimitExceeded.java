package chatql.limit;

import java.time.Duration;

/** Signals that a client writes more often than it may. Carries no stack trace. */
public final class RateLimitExceeded extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    RateLimitExceeded(String message, Duration retryAfter) {
        super(message, null, false, false);
        this.retryAfter = retryAfter;
    }

    /** The time until the next write is allowed. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
