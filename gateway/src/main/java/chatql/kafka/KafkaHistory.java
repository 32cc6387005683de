package chatql.kafka;

import static chatql.kafka.HistoryTopology.TIMELINE;

import chatql.history.History;
import chatql.history.Page;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** History, kept by Kafka Streams on all pods together: each user's on one of them. */
final class KafkaHistory implements History {
    private final Owners owners;
    private final LocalHistory local;
    private final PeerClient peers;
    private final Partitions partitions;
    private final OwnWrites written;

    KafkaHistory(Owners owners, LocalHistory local, PeerClient peers, Partitions partitions, OwnWrites written) {
        this.owners = owners;
        this.local = local;
        this.peers = peers;
        this.partitions = partitions;
        this.written = written;
    }

    @Override
    public Mono<List<Message>> timeline(UserId user, int limit) {
        return Mono.defer(() -> timeline(user, limit, written.of(user)));
    }

    private Mono<List<Message>> timeline(UserId user, int limit, Map<Integer, Long> marks) {
        return owners.read(
                TIMELINE,
                partitions.of(user),
                local.timeline(user, limit, marks),
                owner -> peers.timeline(owner, user, limit, marks));
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return owners.read(
                TIMELINE,
                partitions.of(user),
                local.inbox(user, after, end),
                owner -> peers.inbox(owner, user, after, end));
    }
}
