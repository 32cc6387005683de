package chatql.message;

import org.jspecify.annotations.Nullable;

/** The log did not acknowledge in time; trying again may help. The message is fit for a client. */
public sealed class LogUnavailable extends RuntimeException permits LogChanged {
    private static final long serialVersionUID = 1;

    public LogUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
