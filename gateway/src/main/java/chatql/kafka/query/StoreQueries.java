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
 * Keeps history and names, or knows who does: this pod, another one, all together. Everything errors with
 * {@link chatql.history.HistoryUnavailable}, and with {@link chatql.kafka.consistency.PartitionMigrating} where somebody else may
 * be the one to ask.
 */
public interface StoreQueries {
    /**
     * As {@link chatql.history.History#timeline}.
     *
     * @param written the offsets that must be there, by number of the source
     */
    Mono<Page> timeline(UserId user, PageRequest pageRequest, Map<Integer, Long> written);

    /** As {@link chatql.history.History#inbox}. */
    Mono<Page> inbox(UserId user, Cursor after, long end);

    /** What is known of the identity now. */
    Mono<DuplicateLookup> duplicateLookup(Draft.Identity identity);

    /** How many users are found whose names are alike. Since the profile there is one, before it there may have been more. */
    int MAX_ALIKE = 100;

    /**
     * The claim of that key that won, empty where there is none, as soon as the claim at the offset is known; -1 for
     * whatever is
     * known.
     */
    Mono<UsernameClaim> claim(Username claimed, long offset);

    /** Of the users whose names are in this partition, those whose names look like this one; {@link #MAX_ALIKE} at most. */
    Mono<UserPage> confusable(int partition, Username name);

    /** Of the users whose names are in this partition, those that are looked for. */
    Mono<UserPage> names(int partition, UserSearch userSearch);
}
