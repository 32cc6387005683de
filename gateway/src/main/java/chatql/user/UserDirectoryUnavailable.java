package chatql.user;

import org.jspecify.annotations.Nullable;

/** Signals that the directory cannot answer at the moment. A retry may succeed. The message may be shown to clients. */
public final class UserDirectoryUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UserDirectoryUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
