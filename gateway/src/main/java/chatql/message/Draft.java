package chatql.message;

import chatql.user.UserId;

/** Something about to be said. */
public record Draft(UserId sender, UserId recipient, String content) {
    /** Without the content, which is nobody's business in a log. */
    @Override
    public String toString() {
        return "draft from " + sender + " to " + recipient;
    }
}
