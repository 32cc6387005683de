package chatql.kafka;

import chatql.history.HistoryUnavailable;
import org.jspecify.annotations.Nullable;

/** Whoever was asked doesn't keep this part of history, or not now; somebody does soon. */
final class Moving extends HistoryUnavailable {
    private static final long serialVersionUID = 1;

    Moving(@Nullable Throwable cause) {
        super("History is moving, try again", cause);
    }
}
