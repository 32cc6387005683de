package chatql.history;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.List;
import reactor.core.publisher.Mono;

/** What was said before now, kept from the log. */
public interface History {
    /**
     * The latest messages that the user sent or received, oldest first, at most {@code limit}. Waits until all that this
     * pod wrote for the user is there. Errors with {@link HistoryUnavailable}.
     */
    Mono<List<Message>> timeline(UserId user, int limit);

    /**
     * The next messages to the user after the cursor and below the offset {@code end} of the user's partition, in the
     * log's order. Waits until history has come so far that the page is right: full, or with all there is below the end.
     * Errors with {@link HistoryUnavailable}.
     */
    Mono<Page> inbox(UserId user, Cursor after, long end);
}
