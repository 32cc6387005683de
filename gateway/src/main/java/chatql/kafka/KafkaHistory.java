package chatql.kafka;

import chatql.history.History;
import chatql.history.Page;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.List;
import reactor.core.publisher.Mono;

/** History, kept by Kafka Streams. */
final class KafkaHistory implements History {
    private final LocalHistory local;
    private final OwnWrites written;

    KafkaHistory(LocalHistory local, OwnWrites written) {
        this.local = local;
        this.written = written;
    }

    @Override
    public Mono<List<Message>> timeline(UserId user, int limit) {
        return Mono.defer(() -> local.timeline(user, limit, written.of(user)));
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return local.inbox(user, after, end);
    }
}
