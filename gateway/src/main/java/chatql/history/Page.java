package chatql.history;

import chatql.message.Cursor;
import chatql.message.Message;
import java.util.List;
import java.util.Optional;

/**
 * Consecutive messages of a timeline, oldest first.
 *
 * @param hasPrevious whether there are messages before them
 * @param hasNext whether there are messages after them
 */
public record Page(List<Message> messages, boolean hasPrevious, boolean hasNext) {
    /** The cursor of the first message; empty for an empty page. */
    public Optional<Cursor> start() {
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.getFirst().cursor());
    }

    /** The cursor of the last message, at which the next page starts; empty for an empty page. */
    public Optional<Cursor> end() {
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.getLast().cursor());
    }

    /** Whether no messages follow. */
    public boolean last() {
        return !hasNext;
    }
}
