package chatql.kafka.query;

import static chatql.kafka.store.StoreLayout.USERS;

import chatql.kafka.consistency.CatchUp;
import chatql.kafka.consistency.Settling;
import chatql.kafka.store.ClaimEntry;
import chatql.kafka.store.Source;
import chatql.kafka.topic.Partitions;
import chatql.kafka.topic.TopicSettings;
import chatql.user.Search;
import chatql.user.User;
import chatql.user.UserPage;
import chatql.user.Username;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The names that are kept on this pod. */
public final class LocalNames {
    private final LocalStores stores;
    private final String topic;
    private final Partitions partitions;
    private final CatchUp catchUp;
    private final Settling settling;

    public LocalNames(LocalStores stores, TopicSettings topics, CatchUp catchUp, Settling settling) {
        this.stores = stores;
        this.topic = topics.users();
        this.partitions = new Partitions(topics.userPartitions());
        this.catchUp = catchUp;
        this.settling = settling;
    }

    /** As {@link Keeper#name}. */
    Mono<ClaimEntry> entry(Username claimed, long offset) {
        int partition = partitions.of(claimed.value());
        return settling.of(Source.claims(partition), topic)
                .then(catchUp.reach(Source.claims(partition), offset))
                .then(stores.read(USERS, partition, store -> entry(store, claimed)));
    }

    private static @Nullable ClaimEntry entry(ReadOnlyKeyValueStore<Bytes, byte[]> store, Username claimed) {
        byte @Nullable [] entry = store.get(ClaimEntry.key(claimed));
        return entry == null ? null : ClaimEntry.parse(entry);
    }

    /** As {@link Keeper#names}. */
    Mono<UserPage> page(int partition, Search search) {
        return settling.of(Source.claims(partition), topic)
                .then(stores.read(USERS, partition, store -> page(store, search)));
    }

    private static UserPage page(ReadOnlyKeyValueStore<Bytes, byte[]> store, Search search) {
        List<User> users = new ArrayList<>();
        Bytes begin = ClaimEntry.listedFrom(search.prefix());
        Bytes after = search.after() == null ? begin : ClaimEntry.listed(search.after());
        Bytes end = ClaimEntry.listedTo(search.prefix());
        Bytes from = after.compareTo(begin) > 0 ? after : begin;
        if (from.compareTo(end) > 0) {
            return new UserPage(users, false);
        }
        try (var listed = store.range(from, end)) {
            while (listed.hasNext() && users.size() < search.size()) {
                ClaimEntry entry = entry(store, claimed(listed.next().value));
                if (entry != null && !entry.shown().equals(search.after())) {
                    users.add(entry.user());
                }
            }
            return new UserPage(users, listed.hasNext());
        }
    }

    private static Username claimed(byte[] utf8) {
        return new Username(new String(utf8, StandardCharsets.UTF_8));
    }

    /** As {@link Keeper#alike}. */
    Mono<UserPage> alike(int partition, Username name) {
        return settling.of(Source.claims(partition), topic)
                .then(stores.read(USERS, partition, store -> alike(store, name)));
    }

    private static UserPage alike(ReadOnlyKeyValueStore<Bytes, byte[]> store, Username name) {
        List<User> users = new ArrayList<>();
        try (var found = store.range(ClaimEntry.alikeFrom(name), ClaimEntry.alikeTo(name))) {
            while (found.hasNext() && users.size() < Keeper.MOST_ALIKE) {
                ClaimEntry entry = entry(store, claimed(found.next().value));
                if (entry != null) {
                    users.add(entry.user());
                }
            }
            return new UserPage(users, found.hasNext());
        }
    }
}
