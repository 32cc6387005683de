package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber that requests messages when the test says so, and records what it receives. */
final class Reader extends BaseSubscriber<Message> {
    private final UserId user;
    private final List<Message> received = new ArrayList<>();
    private volatile @Nullable Cursor start;
    private volatile @Nullable Throwable failure;

    Reader(UserId user) {
        this.user = user;
    }

    UserId user() {
        return user;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        // Requests nothing yet.
    }

    @Override
    protected void hookOnNext(Message message) {
        synchronized (received) {
            if (!MessageEvents.isStart(message)) {
                received.add(message);
            } else if (start == null && received.isEmpty()) {
                start = message.cursor();
            } else {
                failure = new AssertionError("a start at " + message.cursor() + " after " + start + " and " + received);
            }
        }
    }

    /** The position that the first event told; null where none did. */
    @Nullable
    Cursor start() {
        return start;
    }

    @Override
    protected void hookOnError(Throwable thrown) {
        failure = thrown;
    }

    List<Message> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    int count() {
        synchronized (received) {
            return received.size();
        }
    }

    List<String> contents() {
        return received().stream().map(Message::content).toList();
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    Cursor last() {
        return received().getLast().cursor();
    }
}
