package chatql.history;

import chatql.message.Cursor;
import chatql.user.UserId;
import reactor.core.publisher.Mono;

/** The port to stored messages, which are derived from the log. */
public interface History {
    /**
     * Returns the requested page of the messages that the user sent or received. A page of large messages has fewer
     * than requested. Waits, within a limit, for all messages that this pod wrote for the user and for all cursors in
     * the request. Errors with {@link HistoryUnavailable}, and with {@link chatql.message.InvalidCursor} if a cursor is
     * not one of this log.
     */
    Mono<Page> timeline(UserId user, PageRequest pageRequest);

    /**
     * Returns the next messages to the user after the cursor and below the offset {@code end} of the user's partition,
     * in the log's order. Waits until history has stored enough for a correct page: a full one, or all messages below
     * {@code end}. Errors with {@link HistoryUnavailable}.
     */
    Mono<Page> inbox(UserId user, Cursor after, long end);
}
