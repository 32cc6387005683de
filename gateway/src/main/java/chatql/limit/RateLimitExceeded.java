package chatql.limit;

import java.time.Duration;

/** Somebody writes more often than they may. Carries no stack trace. */
public final class RateLimitExceeded extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    RateLimitExceeded(String message, Duration retryAfter) {
        super(message, null, false, false);
        this.retryAfter = retryAfter;
    }

    /** In how long they may again. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
