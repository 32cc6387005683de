package chatql.delivery;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory, in bytes, that live messages may take while they are buffered for subscribers. All subscribers of a pod
 * share it. Safe for use by several threads.
 */
public final class BufferMemory {
    private final long max;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param max in bytes, for subscribers that have fallen behind; the first message of each buffer may use as much
     *     again
     */
    public BufferMemory(long max) {
        this.max = max;
    }

    /**
     * Reserves memory for a message. Returns false when there is none.
     *
     * @param first whether the subscriber's buffer is empty: a subscriber that keeps up still gets memory when those
     *     that lag have used theirs
     */
    boolean reserve(int bytes, boolean first) {
        if (used.addAndGet(bytes) <= (first ? 2 * max : max)) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void release(int bytes) {
        used.addAndGet(-bytes);
    }

    /** In bytes. */
    public long used() {
        return used.get();
    }
}
