package chatql.graphql;

import chatql.message.Message;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Caches the latest live messages, so that all subscribers of a message share one view of it. */
final class MessageViewCache {
    /** The number of slots; a message evicts the one in its slot. */
    private static final int KEPT = 64;

    private final AtomicReferenceArray<MessageView> latest = new AtomicReferenceArray<>(KEPT);

    MessageView of(Message message) {
        int slot =
                Math.floorMod(31 * message.cursor().offset() + message.cursor().partition(), KEPT);
        MessageView known = latest.get(slot);
        if (known == null || !known.isOf(message)) {
            known = MessageView.of(message);
            latest.set(slot, known);
        }
        return known;
    }
}
