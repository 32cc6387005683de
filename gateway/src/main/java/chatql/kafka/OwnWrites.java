package chatql.kafka;

import chatql.message.Message;
import chatql.user.UserId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What this pod has written lately, so that it waits for that before it reads. It remembers the latest users only. */
final class OwnWrites {
    /** A user is needed here for the moment that a message takes into history; so many don't write in such a moment. */
    private static final int USERS = 50_000;

    private final Map<UserId, Map<Integer, Long>> written = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UserId, Map<Integer, Long>> eldest) {
            return size() > USERS;
        }
    };

    synchronized void note(Message message) {
        note(message.recipient(), HistoryTopology.INBOX, message.cursor().offset());
        if (!message.sender().equals(message.recipient())) {
            note(
                    message.sender(),
                    message.cursor().partition(),
                    message.cursor().offset());
        }
    }

    private void note(UserId user, int source, long offset) {
        written.computeIfAbsent(user, first -> new HashMap<>(2)).merge(source, offset, Math::max);
    }

    /** The offsets that the user's timeline must have reached, by number of the source. */
    synchronized Map<Integer, Long> of(UserId user) {
        return Map.copyOf(written.getOrDefault(user, Map.of()));
    }
}
