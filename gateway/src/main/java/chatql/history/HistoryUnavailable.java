package chatql.history;

import org.jspecify.annotations.Nullable;

/** History can't answer rightly now; trying again may help. The message is fit for a client. */
public class HistoryUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public HistoryUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
