package chatql.limit;

import org.springframework.web.server.ServerWebExchange;

/**
 * What one piece of work has of an {@link AnswerBudget}. Nothing is reserved any more once it is released. Safe for use by
 * several threads.
 */
public final class MemoryReservation {
    private static final String ATTRIBUTE = MemoryReservation.class.getName();

    private final AnswerBudget budget;
    private long bytes;
    private boolean released;

    public MemoryReservation(AnswerBudget budget) {
        this.budget = budget;
    }

    ServerWebExchange in(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
        return exchange;
    }

    /** What a request has, once {@link LimitConfiguration} has let it pass. */
    public static MemoryReservation of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    /** Whether there is room for so many bytes in place of those that it has; if not it keeps those. */
    public synchronized boolean resize(long size) {
        if (released) {
            return true;
        }
        if (size > bytes && !budget.reserve(size - bytes)) {
            budget.refused();
            return false;
        }
        if (size < bytes) {
            budget.release(bytes - size);
        }
        bytes = size;
        return true;
    }

    /** Whether there is room for so many bytes more now, of which none is reserved. */
    public boolean hasRoom(long more) {
        return budget.hasRoom(more);
    }

    /** Whether there is room for so many bytes more. */
    public synchronized boolean grow(long more) {
        return resize(bytes + more);
    }

    /** Counts so many bytes in place of those that it has, whether or not there is room. */
    public synchronized void force(long size) {
        if (!released) {
            budget.add(size - bytes);
            bytes = size;
        }
    }

    public synchronized boolean isReleased() {
        return released;
    }

    public synchronized long bytes() {
        return bytes;
    }

    public synchronized void release() {
        resize(0);
        released = true;
    }
}
