package chatql.history;

import org.jspecify.annotations.Nullable;

/**
 * Signals that history cannot give a correct answer at the moment. A retry may succeed. The message may be shown to
 * clients.
 */
public class HistoryUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public HistoryUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
