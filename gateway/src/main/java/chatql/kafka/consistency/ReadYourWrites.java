package chatql.kafka.consistency;

import chatql.kafka.store.Source;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What this pod has written lately, so that it waits for that before it reads. It remembers the latest users only. */
public final class ReadYourWrites {
    /**
     * How many of them at least, and at most twice as many. A user is needed here for the moment that a message takes into
     * history; so many don't write in such a moment.
     */
    private static final int USERS = 25_000;

    private volatile Map<UserId, Map<Integer, Long>> written = new ConcurrentHashMap<>();
    private volatile Map<UserId, Map<Integer, Long>> before = Map.of();

    public void note(Message message) {
        note(message.recipient(), Source.INBOX, message.cursor().offset());
        if (!message.sender().equals(message.recipient())) {
            note(
                    message.sender(),
                    message.cursor().partition(),
                    message.cursor().offset());
        }
    }

    private void note(UserId user, int source, long offset) {
        Map<UserId, Map<Integer, Long>> latest = written;
        Map<Integer, Long> known = latest.get(user);
        if (known == null) {
            known = latest.computeIfAbsent(user, first -> new ConcurrentHashMap<>(2));
            if (latest.size() > USERS) {
                rotate();
            }
        }
        known.merge(source, offset, Math::max);
    }

    private synchronized void rotate() {
        if (written.size() > USERS) {
            before = written;
            written = new ConcurrentHashMap<>();
        }
    }

    /** The offsets that the user's timeline must have reached, by number of the source. */
    public Map<Integer, Long> of(UserId user) {
        // In this order: what is moved meanwhile is found twice.
        Map<Integer, Long> all = new HashMap<>(written.getOrDefault(user, Map.of()));
        before.getOrDefault(user, Map.of()).forEach((source, offset) -> all.merge(source, offset, Math::max));
        return all;
    }
}
