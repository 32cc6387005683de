package chatql.kafka.query;

import static chatql.kafka.store.StoreLayout.USERS;

import chatql.kafka.consistency.CatchUp;
import chatql.kafka.consistency.OwnershipBarrier;
import chatql.kafka.store.Source;
import chatql.kafka.store.UsernameClaim;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.TopicSettings;
import chatql.user.User;
import chatql.user.UserPage;
import chatql.user.UserSearch;
import chatql.user.Username;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Answers queries about the usernames on this pod. */
public final class LocalUsernames {
    private final LocalStores stores;
    private final String topic;
    private final KeyPartitioner keyPartitioner;
    private final CatchUp catchUp;
    private final OwnershipBarrier ownershipBarrier;

    public LocalUsernames(
            LocalStores stores, TopicSettings topics, CatchUp catchUp, OwnershipBarrier ownershipBarrier) {
        this.stores = stores;
        this.topic = topics.users();
        this.keyPartitioner = new KeyPartitioner(topics.userPartitions());
        this.catchUp = catchUp;
        this.ownershipBarrier = ownershipBarrier;
    }

    /** As {@link StoreQueries#claim}. */
    Mono<UsernameClaim> entry(Username claimed, long offset) {
        int partition = keyPartitioner.of(claimed.value());
        return ownershipBarrier
                .passed(Source.claims(partition), topic)
                .then(catchUp.reach(Source.claims(partition), offset))
                .then(stores.read(USERS, partition, store -> entry(store, claimed)));
    }

    private static @Nullable UsernameClaim entry(ReadOnlyKeyValueStore<Bytes, byte[]> store, Username claimed) {
        byte @Nullable [] entry = store.get(UsernameClaim.key(claimed));
        return entry == null ? null : UsernameClaim.parse(entry);
    }

    /** As {@link StoreQueries#names}. */
    Mono<UserPage> page(int partition, UserSearch userSearch) {
        return ownershipBarrier
                .passed(Source.claims(partition), topic)
                .then(stores.read(USERS, partition, store -> page(store, userSearch)));
    }

    private static UserPage page(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserSearch userSearch) {
        List<User> users = new ArrayList<>();
        Bytes begin = UsernameClaim.listedFrom(userSearch.prefix());
        Bytes after = userSearch.after() == null ? begin : UsernameClaim.listed(userSearch.after());
        Bytes end = UsernameClaim.listedTo(userSearch.prefix());
        Bytes from = after.compareTo(begin) > 0 ? after : begin;
        if (from.compareTo(end) > 0) {
            return new UserPage(users, false);
        }
        try (var listed = store.range(from, end)) {
            while (listed.hasNext() && users.size() < userSearch.size()) {
                UsernameClaim entry = entry(store, claimed(listed.next().value));
                if (entry != null && !entry.shown().equals(userSearch.after())) {
                    users.add(entry.user());
                }
            }
            return new UserPage(users, listed.hasNext());
        }
    }

    private static Username claimed(byte[] utf8) {
        return new Username(new String(utf8, StandardCharsets.UTF_8));
    }

    /** As {@link StoreQueries#confusable}. */
    Mono<UserPage> alike(int partition, Username name) {
        return ownershipBarrier
                .passed(Source.claims(partition), topic)
                .then(stores.read(USERS, partition, store -> alike(store, name)));
    }

    private static UserPage alike(ReadOnlyKeyValueStore<Bytes, byte[]> store, Username name) {
        List<User> users = new ArrayList<>();
        try (var found = store.range(UsernameClaim.alikeFrom(name), UsernameClaim.alikeTo(name))) {
            while (found.hasNext() && users.size() < StoreQueries.MAX_ALIKE) {
                UsernameClaim entry = entry(store, claimed(found.next().value));
                if (entry != null) {
                    users.add(entry.user());
                }
            }
            return new UserPage(users, found.hasNext());
        }
    }
}
