package chatql.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a pod's heap that operations may take: those that run, by an estimate, and answers and events until their
 * clients have taken them. New work that does not fit is refused; what lives is counted, whatever it comes to. One address
 * has at most half of them, so that a client that reads nothing leaves room for those of other addresses. Safe for use by
 * several threads.
 */
public final class AnswerBudget {
    /** What one address has of the whole: 1 / SHARE. */
    public static final int SHARE = 2;

    /** What an entry of a page is expected to take: it has up to 16 KiB of content, most have far less, and the answer corrects it. */
    public static final int ENTRY = 4 << 10;

    /** Work of at most this many bytes, such as a message to store, has a share of its own beside the pages. */
    private static final long SMALL = 64 << 10;

    private final long most;
    private final LimitMetrics limitMetrics;
    private final @Nullable AnswerBudget whole;
    private final AtomicLong reserved = new AtomicLong();

    /** Of addresses that have anything: a share lives for as long as something refers to it. */
    private final @Nullable LoadingCache<String, AnswerBudget> ofAddresses;

    /** @param most in bytes */
    public AnswerBudget(long most, LimitMetrics limitMetrics) {
        this.most = most;
        this.limitMetrics = limitMetrics;
        this.whole = null;
        this.ofAddresses = Caffeine.newBuilder().weakValues().build(address -> new AnswerBudget(this));
    }

    private AnswerBudget(AnswerBudget whole) {
        this.most = whole.most / SHARE;
        this.limitMetrics = whole.limitMetrics;
        this.whole = whole;
        this.ofAddresses = null;
    }

    /** One address's share, which is the same object for as long as anything refers to it. */
    public AnswerBudget of(ClientAddress clientAddress) {
        return ofAddresses == null ? this : ofAddresses.get(clientAddress.key());
    }

    /** Reserves bytes for new work, or says that there is no room; a quarter of the budget is for small work alone. */
    public boolean reserve(long bytes) {
        if (reserved.addAndGet(bytes) <= room(bytes) && (whole == null || whole.reserve(bytes))) {
            return true;
        }
        reserved.addAndGet(-bytes);
        return false;
    }

    /** Whether so many could be reserved now. */
    public boolean hasRoom(long bytes) {
        return reserved.get() + bytes <= room(bytes) && (whole == null || whole.hasRoom(bytes));
    }

    private long room(long bytes) {
        return bytes > SMALL ? most - most / 4 : most;
    }

    /** Counts bytes that are there already. */
    public void add(long bytes) {
        reserved.addAndGet(bytes);
        if (whole != null) {
            whole.add(bytes);
        }
    }

    public void release(long bytes) {
        add(-bytes);
    }

    /** Whether there is no room for new work. */
    public boolean isFull() {
        return reserved.get() >= most || (whole != null && whole.isFull());
    }

    public long reserved() {
        return reserved.get();
    }

    /** Counts new work for which there is no room. */
    public void refused() {
        limitMetrics.count(Limit.ANSWER_BYTES);
    }
}
