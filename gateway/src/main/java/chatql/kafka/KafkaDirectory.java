package chatql.kafka;

import static chatql.kafka.HistoryTopology.USERS;

import chatql.user.Claim;
import chatql.user.Directory;
import chatql.user.DirectoryUnavailable;
import chatql.user.User;
import chatql.user.Username;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The directory, kept in the topic of users: a claim is written there, and its place decides. */
final class KafkaDirectory implements Directory {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long WHATEVER_IS_KNOWN = -1;

    private final String topic;
    private final Appender appender;
    private final Owners owners;
    private final LocalNames local;
    private final PeerClient peers;
    private final Partitions partitions;

    KafkaDirectory(
            String topic, Appender appender, Owners owners, LocalNames local, PeerClient peers, Partitions partitions) {
        this.topic = topic;
        this.appender = appender;
        this.owners = owners;
        this.local = local;
        this.peers = peers;
        this.partitions = partitions;
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
        return entry(username, stored.offset())
                .single()
                .map(entry -> verdict(username, entry, stored.offset()))
                .onErrorMap(failure -> new DirectoryUnavailable(
                        "The claim is stored, but who has the name is not known yet: ask for its userId later",
                        failure));
    }

    private static Claim verdict(Username username, ClaimEntry entry, long offset) {
        boolean won = entry.offset() == offset;
        return won ? new Claim.Won(new User(username, entry.userId())) : new Claim.Taken();
    }

    @Override
    public Mono<User> find(Username username) {
        return entry(username, WHATEVER_IS_KNOWN)
                .map(entry -> new User(username, entry.userId()))
                .onErrorMap(failure -> new DirectoryUnavailable("Users are not available now, try again", failure));
    }

    private Mono<ClaimEntry> entry(Username username, long offset) {
        return owners.read(
                USERS,
                partitions.of(username.value()),
                local.entry(username, offset),
                owner -> peers.name(owner, username, offset));
    }
}
