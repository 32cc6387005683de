package chatql.kafka;

import chatql.kafka.identity.IdentityCheckedProducer;
import chatql.kafka.query.StoreQueries;
import chatql.kafka.store.UsernameClaim;
import chatql.kafka.topic.TopicSettings;
import chatql.message.LogChanged;
import chatql.user.AccessDenied;
import chatql.user.ClaimResult;
import chatql.user.User;
import chatql.user.UserDirectory;
import chatql.user.UserDirectoryUnavailable;
import chatql.user.UserId;
import chatql.user.UserPage;
import chatql.user.UserSearch;
import chatql.user.Username;
import chatql.user.UsernameProfile;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The user directory on Kafka: claims are records in the topic of users, and the first one of a key wins. */
final class KafkaUserDirectory implements UserDirectory {
    private static final long NO_OFFSET = -1;

    private final String topic;
    private final int partitions;
    private final IdentityCheckedProducer appender;
    private final StoreQueries storeQueries;

    KafkaUserDirectory(TopicSettings topics, IdentityCheckedProducer appender, StoreQueries storeQueries) {
        this.topic = topics.users();
        this.partitions = topics.userPartitions();
        this.appender = appender;
        this.storeQueries = storeQueries;
    }

    /**
     * Claims of usernames that look alike have one key, and their order in the log decides. Older usernames have keys
     * of their own and are looked up first. No new claim gets such a key, so a username that is free there stays free.
     */
    @Override
    public Mono<ClaimResult> claimResult(Username username, Optional<UserId> own) {
        return alike(username)
                .hasElements()
                .onErrorMap(failure -> !(failure instanceof AccessDenied), KafkaUserDirectory::unavailable)
                .flatMap(taken -> taken ? Mono.just(new ClaimResult.Taken()) : append(username, own));
    }

    private Flux<User> alike(Username username) {
        return Flux.range(0, partitions)
                .flatMap(partition -> storeQueries.confusable(partition, username))
                .flatMapIterable(UserPage::users);
    }

    private Mono<ClaimResult> append(Username username, Optional<UserId> own) {
        Username claimed = UsernameClaim.claimed(username);
        byte[] value = UsernameClaim.claim(UUID.randomUUID(), username, own);
        return Mono.fromSupplier(() -> new ProducerRecord<>(topic, claimed.value(), value))
                .flatMap(appender::append)
                .onErrorMap(KafkaUserDirectory::notStored)
                .flatMap(stored -> verdict(claimed, stored));
    }

    private static UserDirectoryUnavailable notStored(Throwable failure) {
        String reason = failure instanceof LogChanged changed ? changed.getMessage() : "The user could not be stored";
        return new UserDirectoryUnavailable(String.valueOf(reason), failure);
    }

    private Mono<ClaimResult> verdict(Username claimed, RecordMetadata stored) {
        return storeQueries
                .claim(claimed, stored.offset())
                .single()
                .map(entry -> verdict(entry, stored.offset()))
                .onErrorMap(
                        failure -> !(failure instanceof AccessDenied),
                        failure -> new UserDirectoryUnavailable(
                                "The claim is stored, but who has the name is not known yet: ask for its userId later",
                                failure));
    }

    private static ClaimResult verdict(UsernameClaim entry, long offset) {
        boolean won = entry.offset() == offset;
        return won ? new ClaimResult.Won(entry.user()) : new ClaimResult.Taken();
    }

    /**
     * Looks the username up as written first, because older usernames that differ only in case belong to different
     * users. Then it ignores case.
     */
    @Override
    public Mono<User> find(Username username) {
        return storeQueries
                .claim(username, NO_OFFSET)
                .map(UsernameClaim::user)
                .filter(user -> UsernameProfile.isSame(user.username(), username))
                .switchIfEmpty(Mono.defer(() -> claimed(username)))
                .switchIfEmpty(Mono.defer(() -> onlyOlderUser(username)))
                .onErrorMap(failure -> !(failure instanceof AccessDenied), KafkaUserDirectory::unavailable);
    }

    private Mono<User> claimed(Username username) {
        String skeleton = UsernameProfile.skeleton(username.value());
        return Username.violation(skeleton) != null || skeleton.equals(username.value())
                ? Mono.empty()
                : storeQueries
                        .claim(new Username(skeleton), NO_OFFSET)
                        .map(UsernameClaim::user)
                        .filter(user -> UsernameProfile.isSame(user.username(), username));
    }

    /** Searches older usernames, which may be in any partition. Empty if several match and none is written as requested. */
    private Mono<User> onlyOlderUser(Username username) {
        return alike(username)
                .filter(user -> UsernameProfile.isSame(user.username(), username))
                .collectList()
                .flatMap(users -> users.size() == 1 ? Mono.just(users.getFirst()) : Mono.empty());
    }

    @Override
    public Mono<UserPage> search(UserSearch userSearch) {
        return Flux.range(0, partitions)
                .flatMap(partition -> storeQueries.names(partition, userSearch))
                .collectList()
                .map(pages -> merged(pages, userSearch.size()))
                .onErrorMap(failure -> !(failure instanceof AccessDenied), KafkaUserDirectory::unavailable);
    }

    private static UserPage merged(List<UserPage> pages, int size) {
        List<User> users = pages.stream()
                .flatMap(page -> page.users().stream())
                .sorted(Comparator.comparing(user -> UsernameClaim.listed(user.username())))
                .toList();
        boolean hasNext = users.size() > size || pages.stream().anyMatch(UserPage::hasNext);
        return new UserPage(users.subList(0, Math.min(size, users.size())), hasNext);
    }

    private static UserDirectoryUnavailable unavailable(Throwable failure) {
        return new UserDirectoryUnavailable("Users are not available now, try again", failure);
    }
}
