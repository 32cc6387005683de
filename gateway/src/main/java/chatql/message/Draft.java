package chatql.message;

import chatql.user.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something about to be said.
 *
 * @param clientMessageId what the sender gives a message so that it can say it again without saying it twice; null for none
 */
public record Draft(
        UserId sender,
        UserId recipient,
        String content,
        @Nullable String clientMessageId) {
    /** The longest {@code clientMessageId}, in characters. */
    public static final int MAX_ID_LENGTH = 128;

    /** What makes it the same as another one; empty when it is always one of its own. */
    public Optional<Identity> identity() {
        return Optional.ofNullable(clientMessageId).map(id -> new Identity(sender, recipient, id));
    }

    /** Two drafts with the same identity are one message, said again. */
    public record Identity(UserId sender, UserId recipient, String clientMessageId) {}

    /** Without the content, which is nobody's business in a log. */
    @Override
    public String toString() {
        return "draft from " + sender + " to " + recipient;
    }
}
