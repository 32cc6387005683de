package chatql.kafka.consistency;

import chatql.kafka.store.Source;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The offsets that this pod has written recently, so that its reads wait for them. It remembers only the latest users. */
public final class ReadYourWrites {
    /**
     * How many users to remember at least; at most it is twice as many. A user must be remembered until a message has
     * reached history, and fewer users than this write in that time.
     */
    private static final int USERS = 25_000;

    private volatile Map<UserId, Map<Integer, Long>> written = new ConcurrentHashMap<>();
    private volatile Map<UserId, Map<Integer, Long>> previous = Map.of();

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
            previous = written;
            written = new ConcurrentHashMap<>();
        }
    }

    /** The offsets that the user's timeline must have reached, by number of the source. */
    public Map<Integer, Long> of(UserId user) {
        // In this order: an entry that rotates in between is found twice, and not missed.
        Map<Integer, Long> all = new HashMap<>(written.getOrDefault(user, Map.of()));
        previous.getOrDefault(user, Map.of()).forEach((source, offset) -> all.merge(source, offset, Math::max));
        return all;
    }
}
