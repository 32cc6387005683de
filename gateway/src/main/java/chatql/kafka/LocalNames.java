package chatql.kafka;

import static chatql.kafka.HistoryTopology.CLAIMS;
import static chatql.kafka.HistoryTopology.USERS;

import chatql.history.HistoryUnavailable;
import chatql.user.Username;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The names that are kept on this pod. */
final class LocalNames {
    private final LocalStores stores;
    private final Progress progress;
    private final Partitions partitions;
    private final Duration catchUp;

    LocalNames(LocalStores stores, Progress progress, Partitions partitions, Duration catchUp) {
        this.stores = stores;
        this.progress = progress;
        this.partitions = partitions;
        this.catchUp = catchUp;
    }

    /** Who has the name, empty for nobody, as soon as the claim at the offset is known. Errors with {@link HistoryUnavailable}. */
    Mono<ClaimEntry> entry(Username name, long offset) {
        int partition = partitions.of(name.value());
        return progress.reach(new Progress.Source(USERS, partition, CLAIMS), offset)
                .timeout(catchUp, Mono.error(() -> new HistoryUnavailable("Users are not known yet, try again", null)))
                .then(stores.read(USERS, partition, store -> {
                    byte @Nullable [] entry = store.get(ClaimEntry.key(name));
                    return entry == null ? null : ClaimEntry.parse(entry);
                }));
    }
}
