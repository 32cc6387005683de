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

/** Routes each query to the pod that has the partition, and after a migration to its new owner. */
public final class RoutedQueries implements StoreQueries {
    private static final Logger LOG = LoggerFactory.getLogger(RoutedQueries.class);

    /** The delay before the next attempt, which goes to the owner at that time. */
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);

    private final ActiveHosts activeHosts;
    private final KeyPartitioner users;
    private final KeyPartitioner names;
    private final Duration timeout;

    /** @param timeout how long to search for an owner that can answer */
    public RoutedQueries(ActiveHosts activeHosts, TopicSettings topics, Duration timeout) {
        this.activeHosts = activeHosts;
        this.users = new KeyPartitioner(topics.partitions());
        this.names = new KeyPartitioner(topics.userPartitions());
        this.timeout = timeout;
    }

    @Override
    public Mono<Page> timeline(UserId user, PageRequest pageRequest, Map<Integer, Long> written) {
        return read(TIMELINE, users.of(user), storeQueries -> storeQueries.timeline(user, pageRequest, written));
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return read(TIMELINE, users.of(user), storeQueries -> storeQueries.inbox(user, after, end));
    }

    /** Sends the query once, because the caller waits for a moment only. */
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

    private <T> Mono<T> read(String store, int partition, Function<StoreQueries, Mono<T>> query) {
        return Mono.defer(() -> query.apply(activeHosts.of(store, partition)))
                .retryWhen(Retry.backoff(timeout.dividedBy(RETRY_DELAY.multipliedBy(4)), RETRY_DELAY)
                        .maxBackoff(RETRY_DELAY.multipliedBy(4))
                        .filter(PartitionMigrating.class::isInstance)
                        .onRetryExhaustedThrow((retry, last) -> last.failure()))
                // An attempt may itself have waited long.
                .timeout(timeout.multipliedBy(3), Mono.error(() -> new PartitionMigrating(null)))
                .doOnError(failure ->
                        LOG.debug("No pod has answered a query for partition {} of {}", partition, store, failure));
    }
}
