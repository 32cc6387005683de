package chatql.kafka;

import chatql.history.History;
import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.kafka.consistency.ReadYourWrites;
import chatql.kafka.query.StoreQueries;
import chatql.message.Cursor;
import chatql.message.Epochs;
import chatql.message.InvalidCursor;
import chatql.message.LogChanged;
import chatql.user.UserId;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;

/** History on Kafka: stored by Kafka Streams, with each user's timeline on one of the history pods. */
final class KafkaHistory implements History {
    private final StoreQueries storeQueries;
    private final ReadYourWrites written;
    private final Epochs epochs;
    private final int partitions;
    private final UnaryOperator<Mono<Page>> unchanged;

    /** @param unchanged passes a query on unless the log has changed */
    KafkaHistory(
            StoreQueries storeQueries,
            ReadYourWrites written,
            Epochs epochs,
            int partitions,
            UnaryOperator<Mono<Page>> unchanged) {
        this.storeQueries = storeQueries;
        this.written = written;
        this.epochs = epochs;
        this.partitions = partitions;
        this.unchanged = unchanged;
    }

    @Override
    public Mono<Page> timeline(UserId user, PageRequest pageRequest) {
        Mono<Page> page = Mono.defer(() -> pageRequest.cursors().allMatch(this::isOfThisLog)
                ? storeQueries.timeline(user, pageRequest, written.of(user))
                : Mono.error(
                        pageRequest.cursors().anyMatch(epochs::hasLost)
                                ? InvalidCursor.lost()
                                : InvalidCursor.invalid()));
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
        return unchanged.apply(storeQueries.inbox(user, after, end));
    }
}
