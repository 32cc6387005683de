package chatql.kafka.consistency;

import chatql.history.HistoryUnavailable;
import org.jspecify.annotations.Nullable;

/** Whoever was asked doesn't keep this part of history, or not now; somebody does soon. */
public final class PartitionMigrating extends HistoryUnavailable {
    private static final long serialVersionUID = 1;

    public PartitionMigrating(@Nullable Throwable cause) {
        super("History is moving, try again", cause);
    }
}
