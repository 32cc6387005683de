package chatql.user;

import org.jspecify.annotations.Nullable;

/** The directory can't answer now; trying again may help. The message is fit for a client. */
public final class UserDirectoryUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UserDirectoryUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
