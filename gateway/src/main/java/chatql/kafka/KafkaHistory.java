package chatql.kafka;

import chatql.history.History;
import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.history.Selection;
import chatql.kafka.consistency.OwnWrites;
import chatql.kafka.query.Keeper;
import chatql.message.Cursor;
import chatql.message.CursorRefused;
import chatql.message.Epochs;
import chatql.message.LogChanged;
import chatql.user.UserId;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** History, kept by Kafka Streams on the history pods together: each user's on one of them. */
final class KafkaHistory implements History {
    private final Keeper keeper;
    private final OwnWrites written;
    private final Epochs epochs;
    private final int partitions;
    private final UnaryOperator<Mono<Page>> unchanged;

    /** @param unchanged lets a page be asked for, unless the log is another by now */
    KafkaHistory(Keeper keeper, OwnWrites written, Epochs epochs, int partitions, UnaryOperator<Mono<Page>> unchanged) {
        this.keeper = keeper;
        this.written = written;
        this.epochs = epochs;
        this.partitions = partitions;
        this.unchanged = unchanged;
    }

    @Override
    public Mono<Page> timeline(UserId user, Selection selection) {
        Mono<Page> page = Mono.defer(() -> selection.cursors().allMatch(this::isOfThisLog)
                ? keeper.timeline(user, selection, written.of(user))
                : Mono.error(
                        selection.cursors().anyMatch(epochs::hasLost)
                                ? CursorRefused.lost()
                                : CursorRefused.invalid()));
        return unchanged
                .apply(page)
                .onErrorMap(
                        LogChanged.class,
                        changed -> new HistoryUnavailable(String.valueOf(changed.getMessage()), changed));
    }

    private boolean isOfThisLog(Cursor cursor) {
        return epochs.isOf(cursor) && cursor.partition() < partitions;
    }

    @Override
    public Mono<Page> inbox(UserId user, Cursor after, long end) {
        return unchanged.apply(keeper.inbox(user, after, end));
    }
}
