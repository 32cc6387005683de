package chatql.delivery;

import chatql.message.Cursor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The position in the log at which a subscription starts. */
public sealed interface StartPosition {
    /** At the current end of the log. */
    record Now() implements StartPosition {}

    /** At the current end of the log, which the subscriber is told first. */
    record Latest() implements StartPosition {}

    /** At the oldest message that is still retained. */
    record Earliest() implements StartPosition {}

    /** After the cursor's message. */
    record After(Cursor cursor) implements StartPosition {}

    /**
     * Parses a client's {@code after}: null, {@code latest}, {@code earliest} or the text of a cursor. Empty for any
     * other text.
     */
    static Optional<StartPosition> parse(@Nullable String after) {
        return switch (after) {
            case null -> Optional.of(new Now());
            case "latest" -> Optional.of(new Latest());
            case "earliest" -> Optional.of(new Earliest());
            default -> Cursor.parse(after).map(After::new);
        };
    }
}
