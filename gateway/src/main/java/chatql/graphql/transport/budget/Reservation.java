package chatql.graphql.transport.budget;

import chatql.graphql.transport.request.GraphQlRequestBody;
import chatql.graphql.transport.request.RequestRejected;
import chatql.limit.AnswerBudget;
import chatql.limit.MemoryReservation;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one operation has of the {@link AnswerBudget}: an estimate while it runs, then its answer's own bytes. Nothing is
 * reserved any more once it is released. Safe for use by several threads.
 */
public final class Reservation {
    /** Of an operation that runs, whatever it asks for: its chain of publishers, and graphql-java's context of it. */
    private static final int OPERATION = 2 << 10;

    private final MemoryReservation memory;
    private final @Nullable AtomicLong ofConnection;
    private long kept;
    private long expected;

    /** @param ofConnection where pages and answers that are expected are summed up, of all operations of one connection */
    public Reservation(AnswerBudget budget, @Nullable AtomicLong ofConnection) {
        this.memory = new MemoryReservation(budget);
        this.ofConnection = ofConnection;
    }

    public Reservation(AnswerBudget budget) {
        this(budget, null);
    }

    /** Reserves what is to come; errors with {@link RequestRejected}. */
    public void body(long length) {
        require(memory.grow(length));
    }

    /** Reserves for an operation that has been read, in place of its body; errors with {@link RequestRejected}. */
    public void begin(GraphQlRequestBody operation) {
        require(memory.resize(OPERATION + operation.bytes()));
    }

    /**
     * Reserves for executing a document, and for the pages that it asks for; errors with
     * {@link chatql.graphql.transport.request.RequestRejected}.
     */
    public synchronized void execute(int documentBytes, long entries) {
        long estimate = entries * AnswerBudget.ENTRY;
        require(memory.grow(documentBytes + estimate));
        kept = memory.bytes() - estimate;
        expect(expected + estimate);
    }

    /**
     * Reserves for the answer's own bytes, in place of the estimate. Where there is no room it errors with
     * {@link chatql.graphql.transport.request.RequestRejected}, but
     * what a mutation did must be told.
     */
    public synchronized void answer(long length, GraphQlRequestBody operation) {
        if (operation.isMutation()) {
            memory.force(length);
        } else {
            require(memory.resize(length));
        }
        // Until the connection itself counts it: another operation would begin between the two.
        expect(length);
    }

    /** What a subscription keeps for as long as it lives: nothing where it was not executed. */
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
