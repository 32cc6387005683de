package chatql.graphql.transport.budget;

import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.RequestRejected;
import chatql.limit.AnswerBudget;
import chatql.limit.MemoryReservation;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One operation's reservation in the {@link AnswerBudget}: an estimate while it runs, then the bytes of its response.
 * After its release it reserves nothing. Thread-safe.
 */
public final class Reservation {
    /** In bytes, of any running operation: its chain of publishers, and graphql-java's execution context. */
    private static final int OPERATION = 2 << 10;

    private final MemoryReservation memory;
    private final @Nullable AtomicLong ofConnection;
    private long kept;
    private long expected;

    /** @param ofConnection the sum of expected pages and responses over all operations of one connection */
    public Reservation(AnswerBudget budget, @Nullable AtomicLong ofConnection) {
        this.memory = new MemoryReservation(budget);
        this.ofConnection = ofConnection;
    }

    public Reservation(AnswerBudget budget) {
        this(budget, null);
    }

    /** Reserves for a body that is about to be read; throws {@link RequestRejected}. */
    public void body(long length) {
        require(memory.grow(length));
    }

    /** Reserves for a parsed operation, in place of its body; throws {@link RequestRejected}. */
    public void begin(GraphQlRequestBody operation) {
        require(memory.resize(OPERATION + operation.bytes()));
    }

    /**
     * Reserves for executing a document and for the pages that it requests; throws {@link
     * chatql.graphql.transport.request.RequestRejected}.
     */
    public synchronized void execute(int documentBytes, long entries) {
        long estimate = entries * AnswerBudget.ENTRY;
        require(memory.grow(documentBytes + estimate));
        kept = memory.bytes() - estimate;
        expect(expected + estimate);
    }

    /**
     * Reserves for the response's bytes, in place of the estimate. Without room it throws {@link
     * chatql.graphql.transport.request.RequestRejected}, except for a mutation: its client must learn the result of
     * what was done.
     */
    public synchronized void answer(long length, GraphQlRequestBody operation) {
        if (operation.isMutation()) {
            memory.force(length);
        } else {
            require(memory.resize(length));
        }
        // Expected until the connection itself counts the bytes: otherwise another operation could begin in between.
        expect(length);
    }

    /** Keeps what a subscription needs for as long as it lives: nothing where it was not executed. */
    public synchronized void live() {
        expect(0);
        memory.resize(kept);
    }

    public synchronized void release() {
        memory.release();
        expect(0);
    }

    private static void require(boolean fits) {
        if (!fits) {
            throw RequestRejected.overloaded();
        }
    }

    private void expect(long size) {
        long now = memory.isReleased() ? 0 : size;
        if (ofConnection != null && now != expected) {
            ofConnection.addAndGet(now - expected);
        }
        expected = now;
    }
}
