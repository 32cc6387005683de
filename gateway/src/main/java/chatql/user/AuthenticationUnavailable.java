package chatql.user;

import org.jspecify.annotations.Nullable;

/** Whether a caller is who they show can't be told now; trying again may help. The message is fit for a client. */
public final class AuthenticationUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Carries no stack trace: while an issuer is away, every request has one. */
    public AuthenticationUnavailable(@Nullable Throwable cause) {
        super("Authentication is temporarily unavailable", cause, false, false);
    }
}
