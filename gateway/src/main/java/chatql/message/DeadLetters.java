package chatql.message;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The dead letters, for an operator. Its methods block the caller's thread. */
public interface DeadLetters {
    /** Calls the consumer for every current dead letter, once each, oldest first. Throws {@link LogUnavailable}. */
    void each(Consumer<DeadLetter> letter);

    /** Finds a dead letter by its id. Throws {@link LogUnavailable}. */
    Optional<DeadLetter> find(String id);

    /**
     * Appends the dead letter to the log as a message, once. A replay that was interrupted may be repeated: the message
     * is still shown once. Throws {@link LogUnavailable}.
     *
     * @param mended the value to use instead of its own; null to keep its own
     */
    Outcome replay(DeadLetter letter, byte @Nullable [] mended);

    /** The result of a replay. */
    sealed interface Outcome {
        /** The record is in the log, at this position. */
        record Replayed(int partition, long offset) implements Outcome {}

        /** The record was replayed before, and was not appended again. */
        record AlreadyReplayed() implements Outcome {}

        /** The record is still invalid. */
        record Refused(String reason) implements Outcome {}
    }
}
