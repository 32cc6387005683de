package chatql.graphql;

import chatql.message.Message;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The messages that were heard last, so that all who listen to one are told it by the same view. */
final class MessageViewCache {
    /** Each of them is kept until another one takes its place. */
    private static final int KEPT = 64;

    private final AtomicReferenceArray<MessageView> latest = new AtomicReferenceArray<>(KEPT);

    MessageView of(Message message) {
        int place =
                Math.floorMod(31 * message.cursor().offset() + message.cursor().partition(), KEPT);
        MessageView known = latest.get(place);
        if (known == null || !known.isOf(message)) {
            known = MessageView.of(message);
            latest.set(place, known);
        }
        return known;
    }
}
