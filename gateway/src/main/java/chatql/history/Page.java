package chatql.history;

import chatql.message.Cursor;
import chatql.message.Message;
import java.util.List;
import java.util.Optional;

/**
 * Some messages that stand together, oldest first.
 *
 * @param hasPrevious whether there are others ahead of them
 * @param hasNext whether there are others behind them
 */
public record Page(List<Message> messages, boolean hasPrevious, boolean hasNext) {
    /** Where the page begins; empty when it has nothing in it. */
    public Optional<Cursor> start() {
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.getFirst().cursor());
    }

    /** Where the next page begins; empty when this one has nothing in it. */
    public Optional<Cursor> end() {
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.getLast().cursor());
    }

    /** Whether nothing stands behind it. */
    public boolean last() {
        return !hasNext;
    }
}
