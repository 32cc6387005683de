package chatql.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many may be here at once, of everyone who is told apart by a key. */
public final class KeyedSemaphore {
    private final int most;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /** @param most of one key */
    public KeyedSemaphore(int most) {
        this.most = most;
    }

    /** Whether there was one left; whoever took it gives it back with {@link #release}. */
    public boolean tryAcquire(String key) {
        return tryAcquire(key, 1);
    }

    /** Whether there were so many left, of which none is taken otherwise. */
    public boolean tryAcquire(String key, int amount) {
        boolean[] got = new boolean[1];
        taken.compute(key, (same, now) -> {
            int before = now == null ? 0 : now;
            got[0] = amount <= most - before;
            return got[0] && before + amount > 0 ? Integer.valueOf(before + amount) : now;
        });
        return got[0];
    }

    public void release(String key) {
        release(key, 1);
    }

    /** Gives back as many as were taken at once. */
    public void release(String key, int amount) {
        taken.computeIfPresent(key, (same, now) -> now <= amount ? null : now - amount);
    }

    /** How many are here, of this key. */
    int of(String key) {
        return taken.getOrDefault(key, 0);
    }
}
