package chatql.message;

import org.jspecify.annotations.Nullable;

/** Signals that the log did not acknowledge in time. A retry may succeed. The message may be shown to clients. */
public sealed class LogUnavailable extends RuntimeException permits LogChanged {
    private static final long serialVersionUID = 1;

    public LogUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
