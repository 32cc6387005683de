package chatql.limit;

import org.springframework.web.server.ServerWebExchange;

/**
 * The share of an {@link AnswerBudget} that one piece of work has reserved. After {@link #release} it reserves nothing.
 * Safe for use by several threads.
 */
public final class MemoryReservation {
    private static final String ATTRIBUTE = MemoryReservation.class.getName();

    private final AnswerBudget budget;
    private long bytes;
    private boolean released;

    public MemoryReservation(AnswerBudget budget) {
        this.budget = budget;
    }

    ServerWebExchange writeTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
        return exchange;
    }

    /** The reservation of a request, which {@link ReservingFilter} has attached to it. */
    public static MemoryReservation of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    /** Resizes the reservation to this many bytes. Returns false and keeps its size if there is no room. */
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

    /** Whether there is room for this many additional bytes now. Reserves nothing. */
    public boolean hasRoom(long more) {
        return budget.hasRoom(more);
    }

    /** Reserves this many additional bytes. Returns false if there is no room. */
    public synchronized boolean grow(long more) {
        return resize(bytes + more);
    }

    /** Resizes the reservation to this many bytes, whether or not there is room. */
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
