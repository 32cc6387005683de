package chatql.history;

import chatql.message.Cursor;
import chatql.message.Message;
import java.util.List;
import java.util.Optional;

/**
 * Some of the messages in a range, the first of them.
 *
 * @param last whether there are no more in the range
 */
public record Page(List<Message> messages, boolean last) {
    /** Where the next page begins; empty when this one has nothing in it. */
    public Optional<Cursor> end() {
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.getLast().cursor());
    }
}
