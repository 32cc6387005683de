package chatql.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A semaphore with a number of permits for each key. */
public final class KeyedSemaphore {
    private final int max;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /** @param max permits of each key */
    public KeyedSemaphore(int max) {
        this.max = max;
    }

    /**
     * Takes one permit and returns true, or returns false if none is left. The caller returns the permit with
     * {@link #release}.
     */
    public boolean tryAcquire(String key) {
        return tryAcquire(key, 1);
    }

    /** Takes this many permits and returns true, or takes none and returns false if fewer are left. */
    public boolean tryAcquire(String key, int amount) {
        boolean[] acquired = new boolean[1];
        taken.compute(key, (same, now) -> {
            int before = now == null ? 0 : now;
            acquired[0] = amount <= max - before;
            return acquired[0] && before + amount > 0 ? Integer.valueOf(before + amount) : now;
        });
        return acquired[0];
    }

    public void release(String key) {
        release(key, 1);
    }

    /** Returns as many permits as were taken at once. */
    public void release(String key, int amount) {
        taken.computeIfPresent(key, (same, now) -> now <= amount ? null : now - amount);
    }

    /** How many permits of this key are taken. */
    int of(String key) {
        return taken.getOrDefault(key, 0);
    }
}
