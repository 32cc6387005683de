package chatql.delivery;

import chatql.message.Cursor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The position in the log at which a subscription starts. */
public sealed interface StartPosition {
    /** At the current end of the log. */
    record Now() implements StartPosition {}

    /** At the oldest message that is still retained. */
    record Earliest() implements StartPosition {}

    /** After the cursor's message. */
    record After(Cursor cursor) implements StartPosition {}

    /** Parses a client's {@code after}: null, {@code earliest} or the text of a cursor. Empty for any other text. */
    static Optional<StartPosition> parse(@Nullable String after) {
        if (after == null) {
            return Optional.of(new Now());
        }
        return after.equals("earliest")
                ? Optional.of(new Earliest())
                : Cursor.parse(after).map(After::new);
    }
}
