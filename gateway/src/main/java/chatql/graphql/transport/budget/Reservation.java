package chatql.graphql.transport.budget;

import chatql.graphql.transport.request.OperationBody;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one operation has of the {@link AnswerBudget}: an estimate while it runs, then its answer's own bytes. Nothing is
 * reserved any more once it is released. Safe for use by several threads.
 */
public final class Reservation {
    /** Of an operation that runs, whatever it asks for: its chain of publishers, and graphql-java's context of it. */
    private static final int OPERATION = 2 << 10;

    /** Of one entry of a page: an entry has up to 16 KiB of content, most have far less, and the answer corrects it. */
    private static final int ENTRY = 4 << 10;

    private final AnswerBudget budget;
    private final @Nullable AtomicLong ofConnection;
    private long bytes;
    private long kept;
    private long expected;
    private boolean released;

    /** @param ofConnection where pages and answers that are expected are summed up, of all operations of one connection */
    public Reservation(AnswerBudget budget, @Nullable AtomicLong ofConnection) {
        this.budget = budget;
        this.ofConnection = ofConnection;
    }

    public Reservation(AnswerBudget budget) {
        this(budget, null);
    }

    /** Reserves what is to come; errors with {@link chatql.graphql.transport.request.Refusal}. */
    public synchronized void body(long length) {
        reserve(length);
    }

    /**
     * Reserves for an operation that has been read, in place of its body; errors with
     * {@link chatql.graphql.transport.request.Refusal}.
     */
    public synchronized void begin(OperationBody operation) {
        if (!become(OPERATION + operation.bytes())) {
            throw budget.refused();
        }
    }

    /**
     * Reserves for executing a document, and for the pages that it asks for; errors with
     * {@link chatql.graphql.transport.request.Refusal}.
     */
    public synchronized void execute(int documentBytes, long entries) {
        long estimate = entries * ENTRY;
        reserve(documentBytes + estimate);
        kept = bytes - estimate;
        expect(released ? 0 : expected + estimate);
    }

    /**
     * Reserves for the answer's own bytes, in place of the estimate. Where there is no room it errors with
     * {@link chatql.graphql.transport.request.Refusal}, but
     * what a mutation did must be told.
     */
    public synchronized void answer(long length, OperationBody operation) {
        boolean fits = become(length);
        if (!fits && !operation.isMutation()) {
            throw budget.refused();
        }
        if (!fits) {
            budget.add(length - bytes);
            bytes = length;
        }
        // Until the connection itself counts it: another operation would begin between the two.
        expect(released ? 0 : length);
    }

    /** What a subscription keeps for as long as it lives: nothing where it was not executed. */
    public synchronized void live() {
        expect(0);
        become(kept);
    }

    public synchronized void release() {
        expect(0);
        become(0);
        released = true;
    }

    private void reserve(long more) {
        if (!become(bytes + more)) {
            throw budget.refused();
        }
    }

    private boolean become(long size) {
        if (released) {
            return true;
        }
        if (size > bytes && !budget.reserve(size - bytes)) {
            return false;
        }
        if (size < bytes) {
            budget.release(bytes - size);
        }
        bytes = size;
        return true;
    }

    private void expect(long size) {
        if (ofConnection != null && size != expected) {
            ofConnection.addAndGet(size - expected);
        }
        expected = size;
    }
}
