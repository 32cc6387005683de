package chatql.delivery;

import chatql.message.Cursor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where in the log a subscription begins. */
public sealed interface StartPosition {
    /** At the moment of subscribing. */
    record Now() implements StartPosition {}

    /** At the oldest message that is still kept. */
    record Earliest() implements StartPosition {}

    /** Right after a message. */
    record After(Cursor cursor) implements StartPosition {}

    /** Reads a client's {@code after}: nothing, {@code earliest} or a cursor's text; empty for any other. */
    static Optional<StartPosition> parse(@Nullable String after) {
        if (after == null) {
            return Optional.of(new Now());
        }
        return after.equals("earliest")
                ? Optional.of(new Earliest())
                : Cursor.parse(after).map(After::new);
    }
}
