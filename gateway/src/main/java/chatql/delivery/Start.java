package chatql.delivery;

import chatql.message.Cursor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where in the log a subscription begins. */
public sealed interface Start {
    /** At the moment of subscribing. */
    record Now() implements Start {}

    /** At the oldest message that is still kept. */
    record Earliest() implements Start {}

    /** Right after a message. */
    record After(Cursor cursor) implements Start {}

    /** Reads a client's {@code after}: nothing, {@code earliest} or a cursor's text; empty for any other. */
    static Optional<Start> parse(@Nullable String after) {
        if (after == null) {
            return Optional.of(new Now());
        }
        return after.equals("earliest")
                ? Optional.of(new Earliest())
                : Cursor.parse(after).map(After::new);
    }
}
