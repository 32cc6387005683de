package chatql.kafka.query;

import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.kafka.store.UsernameClaim;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.UserSearch;
import chatql.user.Username;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * Queries about timelines and usernames. Implementations answer from this pod, from another pod, or route to the right
 * one. Every method errors with {@link chatql.history.HistoryUnavailable}, and with
 * {@link chatql.kafka.consistency.PartitionMigrating} if another pod may be able to answer.
 */
public interface StoreQueries {
    /**
     * As {@link chatql.history.History#timeline}.
     *
     * @param written the offsets that the store must have reached, by number of the source
     */
    Mono<Page> timeline(UserId user, PageRequest pageRequest, Map<Integer, Long> written);

    /** As {@link chatql.history.History#inbox}. */
    Mono<Page> inbox(UserId user, Cursor after, long end);

    /** Looks up the current first message of the identity. */
    Mono<DuplicateLookup> duplicateLookup(Draft.Identity identity);

    /**
     * The maximum number of users with usernames that look alike. Under the username profile there is one; older
     * usernames may have more.
     */
    int MAX_ALIKE = 100;

    /**
     * The claim of that key that won; empty if there is none. Waits until the store has the claim at the offset; -1
     * waits for nothing.
     */
    Mono<UsernameClaim> claim(Username claimed, long offset);

    /** The users with usernames in this partition that look like this one; at most {@link #MAX_ALIKE}. */
    Mono<UserPage> confusable(int partition, Username name);

    /** The page of users with usernames in this partition. */
    Mono<UserPage> names(int partition, UserSearch userSearch);
}
