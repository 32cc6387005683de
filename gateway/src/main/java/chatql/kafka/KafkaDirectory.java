package chatql.kafka;

import static chatql.kafka.HistoryTopology.CLAIMS;
import static chatql.kafka.HistoryTopology.USERS;

import chatql.user.Claim;
import chatql.user.Directory;
import chatql.user.DirectoryUnavailable;
import chatql.user.User;
import chatql.user.Username;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The directory, kept in the topic of users: a claim is written there, and its place decides. */
final class KafkaDirectory implements Directory {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final String topic;
    private final Appender appender;
    private final LocalStores stores;
    private final Progress progress;
    private final Partitions partitions;
    private final Duration wait;

    KafkaDirectory(
            String topic,
            Appender appender,
            LocalStores stores,
            Progress progress,
            Partitions partitions,
            Duration wait) {
        this.topic = topic;
        this.appender = appender;
        this.stores = stores;
        this.progress = progress;
        this.partitions = partitions;
        this.wait = wait;
    }

    @Override
    public Mono<Claim> claim(Username username) {
        return Mono.fromSupplier(() -> claimRecord(username))
                .flatMap(appender::append)
                .onErrorMap(failure -> new DirectoryUnavailable("The user could not be stored", failure))
                .flatMap(stored -> verdict(username, stored));
    }

    private ProducerRecord<String, byte[]> claimRecord(Username username) {
        byte[] value = JSON.writeValueAsBytes(
                JSON.createObjectNode().put("claimId", UUID.randomUUID().toString()));
        return new ProducerRecord<>(topic, username.value(), value);
    }

    private Mono<Claim> verdict(Username username, RecordMetadata stored) {
        return progress.reach(new Progress.Source(USERS, stored.partition(), CLAIMS), stored.offset())
                .timeout(wait)
                .then(Mono.defer(() -> entry(username)))
                .single()
                .map(entry -> verdict(username, entry, stored.offset()))
                .onErrorMap(failure ->
                        new DirectoryUnavailable("The user is stored but not known yet, try again", failure));
    }

    private static Claim verdict(Username username, ClaimEntry entry, long offset) {
        boolean won = entry.offset() == offset;
        return won ? new Claim.Won(new User(username, entry.userId())) : new Claim.Taken();
    }

    @Override
    public Mono<User> find(Username username) {
        return entry(username)
                .map(entry -> new User(username, entry.userId()))
                .onErrorMap(failure -> new DirectoryUnavailable("Users are not available now, try again", failure));
    }

    private Mono<ClaimEntry> entry(Username username) {
        return stores.read(USERS, partitions.of(username.value()), store -> {
            byte @Nullable [] entry = store.get(ClaimEntry.key(username));
            return entry == null ? null : ClaimEntry.parse(entry);
        });
    }
}
