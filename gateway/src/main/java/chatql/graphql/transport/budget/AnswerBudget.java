package chatql.graphql.transport.budget;

import chatql.graphql.transport.request.Refusal;
import chatql.limit.Limit;
import chatql.limit.TurnedAway;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.HttpStatus;

/**
 * The bytes of a pod's heap that operations may take: those that run, by an estimate, and answers and events until their
 * clients have taken them. New work that does not fit is refused; what lives is counted, whatever it comes to. Safe for use
 * by several threads.
 */
public final class AnswerBudget {
    /** Work of at most this many bytes, such as a message to store, has a share of its own beside the pages. */
    private static final long SMALL = 64 << 10;

    private final long most;
    private final TurnedAway turnedAway;
    private final AtomicLong reserved = new AtomicLong();

    public AnswerBudget(long most, TurnedAway turnedAway) {
        this.most = most;
        this.turnedAway = turnedAway;
    }

    /** Reserves bytes for new work, or says that there is no room; a quarter of the budget is for small work alone. */
    boolean reserve(long bytes) {
        long room = bytes > SMALL ? most - most / 4 : most;
        if (reserved.addAndGet(bytes) <= room) {
            return true;
        }
        reserved.addAndGet(-bytes);
        return false;
    }

    /** Counts bytes that are there already. */
    public void add(long bytes) {
        reserved.addAndGet(bytes);
    }

    public void release(long bytes) {
        reserved.addAndGet(-bytes);
    }

    /** Whether there is no room for new work. */
    public boolean isFull() {
        return reserved.get() >= most;
    }

    public long reserved() {
        return reserved.get();
    }

    /** Of work for which there is no room now. */
    Refusal refused() {
        turnedAway.count(Limit.ANSWER_BYTES);
        return new Refusal(
                HttpStatus.SERVICE_UNAVAILABLE,
                "Too many answers wait for their clients: try again later",
                "OVERLOADED");
    }
}
