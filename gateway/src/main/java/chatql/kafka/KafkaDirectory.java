package chatql.kafka;

import chatql.kafka.identity.CheckedAppender;
import chatql.kafka.query.Keeper;
import chatql.kafka.store.ClaimEntry;
import chatql.kafka.topic.TopicSettings;
import chatql.message.LogChanged;
import chatql.user.Claim;
import chatql.user.Directory;
import chatql.user.DirectoryUnavailable;
import chatql.user.NotAllowed;
import chatql.user.Search;
import chatql.user.User;
import chatql.user.UserId;
import chatql.user.UserPage;
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

/** The directory, kept in the topic of users: a claim is written there, and its place decides. */
final class KafkaDirectory implements Directory {
    private static final long WHATEVER_IS_KNOWN = -1;

    private final String topic;
    private final int partitions;
    private final CheckedAppender appender;
    private final Keeper keeper;

    KafkaDirectory(TopicSettings topics, CheckedAppender appender, Keeper keeper) {
        this.topic = topics.users();
        this.partitions = topics.userPartitions();
        this.appender = appender;
        this.keeper = keeper;
    }

    /**
     * Claims of names that are alike have one key, and the log decides among them. Names of before have keys of their own:
     * they are looked for first. None comes to them any more, so what is found to be free of them stays so.
     */
    @Override
    public Mono<Claim> claim(Username username, Optional<UserId> own) {
        return alike(username)
                .hasElements()
                .onErrorMap(failure -> !(failure instanceof NotAllowed), KafkaDirectory::unavailable)
                .flatMap(taken -> taken ? Mono.just(new Claim.Taken()) : append(username, own));
    }

    private Flux<User> alike(Username username) {
        return Flux.range(0, partitions)
                .flatMap(partition -> keeper.alike(partition, username))
                .flatMapIterable(UserPage::users);
    }

    private Mono<Claim> append(Username username, Optional<UserId> own) {
        Username claimed = ClaimEntry.claimed(username);
        byte[] value = ClaimEntry.claim(UUID.randomUUID(), username, own);
        return Mono.fromSupplier(() -> new ProducerRecord<>(topic, claimed.value(), value))
                .flatMap(appender::append)
                .onErrorMap(KafkaDirectory::notStored)
                .flatMap(stored -> verdict(claimed, stored));
    }

    private static DirectoryUnavailable notStored(Throwable failure) {
        String why = failure instanceof LogChanged changed ? changed.getMessage() : "The user could not be stored";
        return new DirectoryUnavailable(String.valueOf(why), failure);
    }

    private Mono<Claim> verdict(Username claimed, RecordMetadata stored) {
        return keeper.name(claimed, stored.offset())
                .single()
                .map(entry -> verdict(entry, stored.offset()))
                .onErrorMap(
                        failure -> !(failure instanceof NotAllowed),
                        failure -> new DirectoryUnavailable(
                                "The claim is stored, but who has the name is not known yet: ask for its userId later",
                                failure));
    }

    private static Claim verdict(ClaimEntry entry, long offset) {
        boolean won = entry.offset() == offset;
        return won ? new Claim.Won(entry.user()) : new Claim.Taken();
    }

    /** As it is written, for names of before that differ in case only are several people's; then without regard to that. */
    @Override
    public Mono<User> find(Username username) {
        return keeper.name(username, WHATEVER_IS_KNOWN)
                .map(ClaimEntry::user)
                .filter(user -> UsernameProfile.isSame(user.username(), username))
                .switchIfEmpty(Mono.defer(() -> claimed(username)))
                .switchIfEmpty(Mono.defer(() -> theOnlyOne(username)))
                .onErrorMap(failure -> !(failure instanceof NotAllowed), KafkaDirectory::unavailable);
    }

    private Mono<User> claimed(Username username) {
        String skeleton = UsernameProfile.skeleton(username.value());
        return Username.fault(skeleton) != null || skeleton.equals(username.value())
                ? Mono.empty()
                : keeper.name(new Username(skeleton), WHATEVER_IS_KNOWN)
                        .map(ClaimEntry::user)
                        .filter(user -> UsernameProfile.isSame(user.username(), username));
    }

    /** Of names of before, which may be kept anywhere; empty where there are several, of which none is written so. */
    private Mono<User> theOnlyOne(Username username) {
        return alike(username)
                .filter(user -> UsernameProfile.isSame(user.username(), username))
                .collectList()
                .flatMap(users -> users.size() == 1 ? Mono.just(users.getFirst()) : Mono.empty());
    }

    @Override
    public Mono<UserPage> search(Search search) {
        return Flux.range(0, partitions)
                .flatMap(partition -> keeper.names(partition, search))
                .collectList()
                .map(pages -> merged(pages, search.size()))
                .onErrorMap(failure -> !(failure instanceof NotAllowed), KafkaDirectory::unavailable);
    }

    private static UserPage merged(List<UserPage> pages, int size) {
        List<User> users = pages.stream()
                .flatMap(page -> page.users().stream())
                .sorted(Comparator.comparing(user -> ClaimEntry.listed(user.username())))
                .toList();
        boolean hasNext = users.size() > size || pages.stream().anyMatch(UserPage::hasNext);
        return new UserPage(users.subList(0, Math.min(size, users.size())), hasNext);
    }

    private static DirectoryUnavailable unavailable(Throwable failure) {
        return new DirectoryUnavailable("Users are not available now, try again", failure);
    }
}
