package chatql.kafka.identity;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Tells the ends of the current leaders from those of a broker that still takes itself for the leader: after a pause,
 * or disconnected from the controller, it answers with the end at which it was replaced.
 */
final class StaleAnswers {
    /**
     * How long a partition's answers may be of an earlier leader epoch than its records. Beyond that, the cluster itself
     * has gone back, for instance to a backup.
     */
    static final Duration AT_MOST = Duration.ofSeconds(60);

    private final Scheduler timer;
    /** By partition, when the first one of the latest stale answers came, in milliseconds. */
    private final Map<Integer, Long> since = new HashMap<>();

    StaleAnswers(Scheduler timer) {
        this.timer = timer;
    }

    /** The ends without the stale ones. */
    Map<Integer, LogEnd> dropped(Map<Integer, LogEnd> seen, Map<Integer, LogEnd> now) {
        Map<Integer, LogEnd> current = new HashMap<>();
        now.forEach((partition, end) -> {
            if (!isStale(seen.get(partition), end)) {
                since.remove(partition);
                current.put(partition, end);
            } else if (lasts(partition) > AT_MOST.toMillis()) {
                current.put(partition, end);
            }
        });
        return current;
    }

    private long lasts(int partition) {
        long moment = timer.now(TimeUnit.MILLISECONDS);
        return moment - since.computeIfAbsent(partition, first -> moment);
    }

    /** Whether the end is lower than what was seen, by the answer of a broker of an earlier leader epoch. */
    static boolean isStale(@Nullable LogEnd seen, LogEnd now) {
        return seen != null
                && now.offset() < seen.offset()
                && now.leaderEpoch() != LogEnd.UNKNOWN
                && now.leaderEpoch() < seen.leaderEpoch();
    }
}
