package chatql.user;

import org.jspecify.annotations.Nullable;

/**
 * Signals that the caller's credentials cannot be checked at the moment. A retry may succeed. The message may be shown
 * to clients.
 */
public final class AuthenticationUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Carries no stack trace, because every request fails with it while an issuer is unavailable. */
    public AuthenticationUnavailable(@Nullable Throwable cause) {
        super("Authentication is temporarily unavailable", cause, false, false);
    }
}
