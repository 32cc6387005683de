package chatql.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The budget, in bytes of a pod's heap, for operations that run (by an estimate), and for answers and events until
 * their clients have taken them. New work that does not fit is rejected. Results that already exist are always counted,
 * even beyond the budget. One address gets at most half of the budget, so that a client that reads nothing leaves room
 * for other addresses. Safe for use by several threads.
 */
public final class AnswerBudget {
    /** One address may use 1 / SHARE of the budget. */
    public static final int SHARE = 2;

    /**
     * The estimated size of an entry of a page. Content may have up to 16 KiB, but most entries have far less. The
     * actual answer corrects the estimate.
     */
    public static final int ENTRY = 4 << 10;

    /** Work of at most this many bytes, such as a message to store, may also use the quarter that pages must leave free. */
    private static final long SMALL = 64 << 10;

    private final long max;
    private final LimitMetrics limitMetrics;
    private final @Nullable AnswerBudget parent;
    private final AtomicLong reserved = new AtomicLong();

    /** The shares by address. Weak values: a share exists as long as something refers to it. */
    private final @Nullable LoadingCache<String, AnswerBudget> byAddress;

    /** @param max in bytes */
    public AnswerBudget(long max, LimitMetrics limitMetrics) {
        this.max = max;
        this.limitMetrics = limitMetrics;
        this.parent = null;
        this.byAddress = Caffeine.newBuilder().weakValues().build(address -> new AnswerBudget(this));
    }

    private AnswerBudget(AnswerBudget parent) {
        this.max = parent.max / SHARE;
        this.limitMetrics = parent.limitMetrics;
        this.parent = parent;
        this.byAddress = null;
    }

    /** One address's share, which is the same object as long as anything refers to it. */
    public AnswerBudget of(ClientAddress clientAddress) {
        return byAddress == null ? this : byAddress.get(clientAddress.key());
    }

    /** Reserves bytes for new work. Returns false when there is no room. A quarter of the budget is for small work only. */
    public boolean reserve(long bytes) {
        if (reserved.addAndGet(bytes) <= room(bytes) && (parent == null || parent.reserve(bytes))) {
            return true;
        }
        reserved.addAndGet(-bytes);
        return false;
    }

    /** Whether this many bytes could be reserved now. */
    public boolean hasRoom(long bytes) {
        return reserved.get() + bytes <= room(bytes) && (parent == null || parent.hasRoom(bytes));
    }

    private long room(long bytes) {
        return bytes > SMALL ? max - max / 4 : max;
    }

    /** Adds bytes that are already in use. */
    public void add(long bytes) {
        reserved.addAndGet(bytes);
        if (parent != null) {
            parent.add(bytes);
        }
    }

    public void release(long bytes) {
        add(-bytes);
    }

    /** Whether there is no room for new work. */
    public boolean isFull() {
        return reserved.get() >= max || (parent != null && parent.isFull());
    }

    public long reserved() {
        return reserved.get();
    }

    /** Counts new work that was rejected for lack of room. */
    public void refused() {
        limitMetrics.count(Limit.ANSWER_BYTES);
    }
}
