package chatql.kafka.peer;

import static chatql.kafka.store.StoreLayout.FIRSTS;
import static chatql.kafka.store.StoreLayout.TIMELINE;
import static chatql.kafka.store.StoreLayout.USERS;

import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.kafka.consistency.PartitionMigrating;
import chatql.kafka.query.ActiveHosts;
import chatql.kafka.query.DuplicateLookup;
import chatql.kafka.query.StoreQueries;
import chatql.kafka.store.UsernameClaim;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.TopicSettings;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.UserSearch;
import chatql.user.Username;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** All history pods together: whoever keeps a part is asked for it, and after a move whoever keeps it then. */
public final class RoutedQueries implements StoreQueries {
    private static final Logger LOG = LoggerFactory.getLogger(RoutedQueries.class);

    /** How long to wait before the next try, on whoever is the owner by then. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final ActiveHosts activeHosts;
    private final KeyPartitioner users;
    private final KeyPartitioner names;
    private final Duration patience;

    /** @param patience how long an owner is looked for */
    public RoutedQueries(ActiveHosts activeHosts, TopicSettings topics, Duration patience) {
        this.activeHosts = activeHosts;
        this.users = new KeyPartitioner(topics.partitions());
        this.names = new KeyPartitioner(topics.userPartitions());
        this.patience = patience;
    }

    @Override
    public Mono<Page> timeline(UserId user, PageRequest pageRequest, Map<Integer, Long> written) {
        return read(TIMELINE, users.of(user), storeQueries -> storeQueries.timeline(user, pageRequest, written));
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return read(TIMELINE, users.of(user), storeQueries -> storeQueries.inbox(user, after, end));
    }

    /** Asked once: whoever wants to know waits for a moment only. */
    @Override
    public Mono<DuplicateLookup> duplicateLookup(Draft.Identity identity) {
        return Mono.defer(
                () -> activeHosts.of(FIRSTS, users.of(identity.recipient())).duplicateLookup(identity));
    }

    @Override
    public Mono<UsernameClaim> claim(Username claimed, long offset) {
        return read(USERS, names.of(claimed.value()), storeQueries -> storeQueries.claim(claimed, offset));
    }

    @Override
    public Mono<UserPage> confusable(int partition, Username name) {
        return read(USERS, partition, storeQueries -> storeQueries.confusable(partition, name));
    }

    @Override
    public Mono<UserPage> names(int partition, UserSearch userSearch) {
        return read(USERS, partition, storeQueries -> storeQueries.names(partition, userSearch));
    }

    private <T> Mono<T> read(String store, int partition, Function<StoreQueries, Mono<T>> question) {
        return Mono.defer(() -> question.apply(activeHosts.of(store, partition)))
                .retryWhen(Retry.backoff(patience.dividedBy(AGAIN.multipliedBy(4)), AGAIN)
                        .maxBackoff(AGAIN.multipliedBy(4))
                        .filter(PartitionMigrating.class::isInstance)
                        .onRetryExhaustedThrow((retry, last) -> last.failure()))
                // A try may itself have waited for long.
                .timeout(patience.multipliedBy(3), Mono.error(() -> new PartitionMigrating(null)))
                .doOnError(failure -> LOG.debug("Partition {} of {} can't be read", partition, store, failure));
    }
}
