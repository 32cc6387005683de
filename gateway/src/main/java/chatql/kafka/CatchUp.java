package chatql.kafka;

import chatql.history.HistoryUnavailable;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/** Waits, within a bound, until this pod's stores have what they must have. */
final class CatchUp {
    private final Progress progress;
    private final Committed committed;
    private final Duration bound;

    CatchUp(Progress progress, Committed committed, Duration bound) {
        this.progress = progress;
        this.committed = committed;
        this.bound = bound;
    }

    /** Until the store has the record at the offset. Errors with {@link HistoryUnavailable}. */
    Mono<Void> record(Progress.Source source, long offset) {
        return progress.reach(source, offset).timeout(bound, Mono.error(CatchUp::late));
    }

    /** Until the store has all records below the offset, at which there need not be one. Errors with {@link HistoryUnavailable}. */
    Mono<Void> end(Progress.Source source, TopicPartition place, long end) {
        // The last offsets may hold no record, but the end of somebody's transaction: then what is committed says so.
        return Mono.defer(() -> progress.reached(source) >= end - 1 ? Mono.just(true) : isCommitted(source, place, end))
                .filter(there -> there)
                .switchIfEmpty(progress.reach(source, end - 1)
                        .thenReturn(true)
                        .timeout(bound, isCommitted(source, place, end).filter(there -> there)))
                .switchIfEmpty(Mono.error(CatchUp::late))
                .then();
    }

    private Mono<Boolean> isCommitted(Progress.Source source, TopicPartition place, long end) {
        return committed
                .of(place)
                .map(offset -> offset >= end)
                .defaultIfEmpty(false)
                .doOnNext(there -> {
                    if (there) {
                        progress.pass(source, end - 1);
                    }
                })
                .onErrorMap(
                        failure -> new HistoryUnavailable("How far history is cannot be told now, try again", failure));
    }

    static HistoryUnavailable late() {
        return new HistoryUnavailable("History has not caught up with the log, try again", null);
    }
}
