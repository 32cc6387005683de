package chatql.kafka;

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

    @Override
    public Mono<Claim> claim(Username username, Optional<UserId> own) {
        return Mono.fromSupplier(() -> claimRecord(username, own))
                .flatMap(appender::append)
                .onErrorMap(KafkaDirectory::notStored)
                .flatMap(stored -> verdict(username, stored));
    }

    private static DirectoryUnavailable notStored(Throwable failure) {
        String why = failure instanceof LogChanged changed ? changed.getMessage() : "The user could not be stored";
        return new DirectoryUnavailable(String.valueOf(why), failure);
    }

    private ProducerRecord<String, byte[]> claimRecord(Username username, Optional<UserId> own) {
        byte[] value = ClaimEntry.claim(UUID.randomUUID(), own);
        return new ProducerRecord<>(topic, username.value(), value);
    }

    private Mono<Claim> verdict(Username username, RecordMetadata stored) {
        return keeper.name(username, stored.offset())
                .single()
                .map(entry -> verdict(username, entry, stored.offset()))
                .onErrorMap(
                        failure -> !(failure instanceof NotAllowed),
                        failure -> new DirectoryUnavailable(
                                "The claim is stored, but who has the name is not known yet: ask for its userId later",
                                failure));
    }

    private static Claim verdict(Username username, ClaimEntry entry, long offset) {
        boolean won = entry.offset() == offset;
        return won ? new Claim.Won(new User(username, entry.userId())) : new Claim.Taken();
    }

    @Override
    public Mono<User> find(Username username) {
        return keeper.name(username, WHATEVER_IS_KNOWN)
                .map(entry -> new User(username, entry.userId()))
                .onErrorMap(failure -> !(failure instanceof NotAllowed), KafkaDirectory::unavailable);
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
