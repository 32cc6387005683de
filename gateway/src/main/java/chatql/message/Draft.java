package chatql.message;

import chatql.user.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message that is not yet sent.
 *
 * @param clientMessageId the sender's id for the message, which makes retries idempotent; null for none
 */
public record Draft(
        UserId sender,
        UserId recipient,
        String content,
        @Nullable String clientMessageId) {
    /** The maximum length of {@code clientMessageId}, in characters. */
    public static final int MAX_ID_LENGTH = 128;

    /** Identifies retries of the same message. Empty if every draft is a message of its own. */
    public Optional<Identity> identity() {
        return Optional.ofNullable(clientMessageId).map(id -> new Identity(sender, recipient, id));
    }

    /** Two drafts with the same identity are the same message, sent again. */
    public record Identity(UserId sender, UserId recipient, String clientMessageId) {}

    /** Omits the content, which must not be logged. */
    @Override
    public String toString() {
        return "draft from " + sender + " to " + recipient;
    }
}
