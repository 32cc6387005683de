package chatql.message;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The records that are no messages, for an operator: its methods wait, on the caller's thread. */
public interface DeadLetters {
    /** Every letter that is there by now, once each, oldest first. Throws {@link LogUnavailable}. */
    void each(Consumer<DeadLetter> letter);

    /** Throws {@link LogUnavailable}. */
    Optional<DeadLetter> find(String id);

    /**
     * Puts the letter into the log as a message, once. It is shown once, too, when this is cut off half-way and done again.
     * Throws {@link LogUnavailable}.
     *
     * @param mended in place of its own value; null for as it is
     */
    Outcome replay(DeadLetter letter, byte @Nullable [] mended);

    /** What became of it. */
    sealed interface Outcome {
        /** It is in the log, at this place. */
        record Replayed(int partition, long offset) implements Outcome {}

        /** It was put back before, and isn't again. */
        record AlreadyReplayed() implements Outcome {}

        /** It is still no message. */
        record Refused(String reason) implements Outcome {}
    }
}
