package chatql.kafka.consistency;

import chatql.history.HistoryUnavailable;
import org.jspecify.annotations.Nullable;

/** Signals that this pod cannot answer for the partition now. Another pod soon can, or this one again. */
public final class PartitionMigrating extends HistoryUnavailable {
    private static final long serialVersionUID = 1;

    public PartitionMigrating(@Nullable Throwable cause) {
        super("History is moving, try again", cause);
    }
}
