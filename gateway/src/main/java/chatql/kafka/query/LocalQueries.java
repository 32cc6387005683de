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

/** What this pod keeps itself. */
public record LocalQueries(LocalTimelines history, LocalUsernames names) implements StoreQueries {
    @Override
    public Mono<Page> timeline(UserId user, PageRequest pageRequest, Map<Integer, Long> written) {
        return history.timeline(user, pageRequest, written);
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return history.inbox(user, after, end);
    }

    @Override
    public Mono<DuplicateLookup> duplicateLookup(Draft.Identity identity) {
        return history.duplicateLookup(identity);
    }

    @Override
    public Mono<UsernameClaim> claim(Username claimed, long offset) {
        return names.entry(claimed, offset);
    }

    @Override
    public Mono<UserPage> confusable(int partition, Username name) {
        return names.alike(partition, name);
    }

    @Override
    public Mono<UserPage> names(int partition, UserSearch userSearch) {
        return names.page(partition, userSearch);
    }
}
