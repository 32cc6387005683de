package chatql.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many may be here at once, of everyone who is told apart by a key. */
public final class Places {
    private final int most;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /** @param most of one key */
    public Places(int most) {
        this.most = most;
    }

    /** Whether there was one left; whoever took it gives it back with {@link #leave}. */
    public boolean take(String key) {
        boolean[] got = new boolean[1];
        taken.compute(key, (same, now) -> {
            int before = now == null ? 0 : now;
            got[0] = before < most;
            return got[0] ? Integer.valueOf(before + 1) : now;
        });
        return got[0];
    }

    public void leave(String key) {
        taken.computeIfPresent(key, (same, now) -> now == 1 ? null : now - 1);
    }

    /** How many are here, of this key. */
    int of(String key) {
        return taken.getOrDefault(key, 0);
    }
}
