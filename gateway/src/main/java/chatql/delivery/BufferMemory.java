package chatql.delivery;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of memory that messages from the tap may take while they wait for subscribers, of all subscribers of a pod
 * together. Safe for use by several threads.
 */
public final class BufferMemory {
    private final long max;
    private final AtomicLong used = new AtomicLong();

    /** @param max in bytes for subscribers that have fallen behind; as much again is for first messages */
    public BufferMemory(long max) {
        this.max = max;
    }

    /**
     * Reserves memory for a message, or says that there is none.
     *
     * @param first whether nothing else waits for its subscriber: a subscriber that keeps up has room when others have not
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
