package chatql.kafka.peer;

import static chatql.kafka.store.StoreLayout.FIRSTS;
import static chatql.kafka.store.StoreLayout.TIMELINE;
import static chatql.kafka.store.StoreLayout.USERS;

import chatql.history.Page;
import chatql.history.Selection;
import chatql.kafka.consistency.Moving;
import chatql.kafka.query.Keeper;
import chatql.kafka.query.Owners;
import chatql.kafka.query.Verdict;
import chatql.kafka.store.ClaimEntry;
import chatql.kafka.topic.Partitions;
import chatql.kafka.topic.TopicSettings;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.user.Search;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.Username;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** All history pods together: whoever keeps a part is asked for it, and after a move whoever keeps it then. */
public final class Cluster implements Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** How long to wait before the next try, on whoever is the owner by then. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Owners owners;
    private final Partitions users;
    private final Partitions names;
    private final Duration patience;

    /** @param patience how long an owner is looked for */
    public Cluster(Owners owners, TopicSettings topics, Duration patience) {
        this.owners = owners;
        this.users = new Partitions(topics.partitions());
        this.names = new Partitions(topics.userPartitions());
        this.patience = patience;
    }

    @Override
    public Mono<Page> timeline(UserId user, Selection selection, Map<Integer, Long> written) {
        return read(TIMELINE, users.of(user), keeper -> keeper.timeline(user, selection, written));
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return read(TIMELINE, users.of(user), keeper -> keeper.inbox(user, after, end));
    }

    /** Asked once: whoever wants to know waits for a moment only. */
    @Override
    public Mono<Verdict> verdict(Draft.Identity identity) {
        return Mono.defer(
                () -> owners.of(FIRSTS, users.of(identity.recipient())).verdict(identity));
    }

    @Override
    public Mono<ClaimEntry> name(Username claimed, long offset) {
        return read(USERS, names.of(claimed.value()), keeper -> keeper.name(claimed, offset));
    }

    @Override
    public Mono<UserPage> alike(int partition, Username name) {
        return read(USERS, partition, keeper -> keeper.alike(partition, name));
    }

    @Override
    public Mono<UserPage> names(int partition, Search search) {
        return read(USERS, partition, keeper -> keeper.names(partition, search));
    }

    private <T> Mono<T> read(String store, int partition, Function<Keeper, Mono<T>> question) {
        return Mono.defer(() -> question.apply(owners.of(store, partition)))
                .retryWhen(Retry.backoff(patience.dividedBy(AGAIN.multipliedBy(4)), AGAIN)
                        .maxBackoff(AGAIN.multipliedBy(4))
                        .filter(Moving.class::isInstance)
                        .onRetryExhaustedThrow((retry, last) -> last.failure()))
                // A try may itself have waited for long.
                .timeout(patience.multipliedBy(3), Mono.error(() -> new Moving(null)))
                .doOnError(failure -> LOG.debug("Partition {} of {} can't be read", partition, store, failure));
    }
}
