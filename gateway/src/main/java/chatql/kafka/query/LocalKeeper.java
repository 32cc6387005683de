package chatql.kafka.query;

import chatql.history.Page;
import chatql.history.Selection;
import chatql.kafka.store.ClaimEntry;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.user.Search;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.Username;
import java.util.Map;
import reactor.core.publisher.Mono;

/** What this pod keeps itself. */
public record LocalKeeper(LocalHistory history, LocalNames names) implements Keeper {
    @Override
    public Mono<Page> timeline(UserId user, Selection selection, Map<Integer, Long> written) {
        return history.timeline(user, selection, written);
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return history.inbox(user, after, end);
    }

    @Override
    public Mono<Verdict> verdict(Draft.Identity identity) {
        return history.verdict(identity);
    }

    @Override
    public Mono<ClaimEntry> name(Username claimed, long offset) {
        return names.entry(claimed, offset);
    }

    @Override
    public Mono<UserPage> alike(int partition, Username name) {
        return names.alike(partition, name);
    }

    @Override
    public Mono<UserPage> names(int partition, Search search) {
        return names.page(partition, search);
    }
}
