package chatql.kafka;

import chatql.history.History;
import chatql.history.Page;
import chatql.history.Selection;
import chatql.message.Cursor;
import chatql.message.CursorRefused;
import chatql.user.UserId;
import reactor.core.publisher.Mono;

/** History, kept by Kafka Streams on the history pods together: each user's on one of them. */
final class KafkaHistory implements History {
    private final Keeper keeper;
    private final OwnWrites written;
    private final long epoch;
    private final int partitions;

    KafkaHistory(Keeper keeper, OwnWrites written, long epoch, int partitions) {
        this.keeper = keeper;
        this.written = written;
        this.epoch = epoch;
        this.partitions = partitions;
    }

    @Override
    public Mono<Page> timeline(UserId user, Selection selection) {
        return Mono.defer(() -> selection.cursors().allMatch(this::isOfThisLog)
                ? keeper.timeline(user, selection, written.of(user))
                : Mono.error(CursorRefused.invalid()));
    }

    private boolean isOfThisLog(Cursor cursor) {
        return cursor.epoch() == epoch && cursor.partition() < partitions;
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return keeper.inbox(user, after, end);
    }
}
