package chatql.history;

import chatql.message.Cursor;
import chatql.user.UserId;
import reactor.core.publisher.Mono;

/** What was said before now, kept from the log. */
public interface History {
    /**
     * The messages of the selection among those that the user sent or received; fewer when they are large. Waits, within
     * a bound, until all is there that this pod wrote for the user and that the selection names. Errors with
     * {@link HistoryUnavailable}, and with {@link chatql.message.InvalidCursor} where a cursor is not one of this log.
     */
    Mono<Page> timeline(UserId user, PageRequest pageRequest);

    /**
     * The next messages to the user after the cursor and below the offset {@code end} of the user's partition, in the
     * log's order. Waits until history has come so far that the page is right: full, or with all there is below the end.
     * Errors with {@link HistoryUnavailable}.
     */
    Mono<Page> inbox(UserId user, Cursor after, long end);
}
