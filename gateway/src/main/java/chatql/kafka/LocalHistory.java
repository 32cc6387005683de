package chatql.kafka;

import static chatql.kafka.HistoryTopology.FIRSTS;
import static chatql.kafka.HistoryTopology.INBOX;
import static chatql.kafka.HistoryTopology.TIMELINE;

import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.UserId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The timelines that are kept on this pod. */
final class LocalHistory {
    private final LocalStores stores;
    private final Progress progress;
    private final Partitions partitions;
    private final TimelineReader reader;
    private final Committed committed;
    private final Duration catchUp;
    private final Clock clock;

    LocalHistory(
            LocalStores stores,
            Progress progress,
            Partitions partitions,
            TimelineReader reader,
            Committed committed,
            Duration catchUp,
            Clock clock) {
        this.stores = stores;
        this.progress = progress;
        this.partitions = partitions;
        this.reader = reader;
        this.committed = committed;
        this.catchUp = catchUp;
        this.clock = clock;
    }

    /** As {@link chatql.history.History#timeline}, with the offsets that must be there by number of the source. */
    Mono<List<Message>> timeline(UserId user, int limit, Map<Integer, Long> written) {
        int partition = partitions.of(user);
        Mono<List<Message>> latest = stores.read(TIMELINE, partition, store -> reader.latest(store, user, limit));
        return Flux.fromIterable(written.entrySet())
                .flatMap(mark -> progress.reach(source(partition, mark.getKey()), mark.getValue()))
                .then()
                .timeout(catchUp, Mono.error(LocalHistory::behind))
                .then(latest);
    }

    /** As {@link chatql.history.History#inbox}. */
    Mono<Page> inbox(UserId user, Cursor after, long end) {
        int partition = partitions.of(user);
        Progress.Source inbox = source(partition, INBOX);
        Mono<Page> page = stores.read(TIMELINE, partition, store -> page(store, inbox, user, after, end));
        return page.flatMap(first -> first.last() || !first.messages().isEmpty()
                ? Mono.just(first)
                : reach(inbox, partition, end).then(page));
    }

    /** What is known of the identity now. Errors with {@link HistoryUnavailable}. */
    Mono<Verdict> verdict(Draft.Identity identity) {
        int partition = partitions.of(identity.recipient());
        return Mono.fromSupplier(() -> progress.reached(source(partition, INBOX)))
                .flatMap(reached -> first(identity, partition)
                        .map(message -> new Verdict(message, reached))
                        .defaultIfEmpty(new Verdict(null, reached)));
    }

    private Mono<Message> first(Draft.Identity identity, int partition) {
        return stores.readWindows(FIRSTS, partition, store -> Firsts.now(store, identity, clock.millis()))
                .flatMap(first -> stores.read(
                        TIMELINE, partition, store -> reader.at(store, identity.recipient(), partition, first)));
    }

    private Page page(
            ReadOnlyKeyValueStore<Bytes, byte[]> store, Progress.Source inbox, UserId user, Cursor after, long end) {
        // Asked before the store is read: what it has by then is found.
        boolean complete = progress.reached(inbox) >= end - 1;
        Page page = reader.received(store, user, after, end);
        return new Page(page.messages(), page.last() && complete);
    }

    private Mono<Void> reach(Progress.Source inbox, int partition, long end) {
        return progress.reach(inbox, end - 1)
                .timeout(catchUp)
                .onErrorResume(TimeoutException.class, late -> nothingIsLeft(inbox, partition, end));
    }

    /** The last offsets may hold no record, but the end of somebody's transaction: then what is committed says so. */
    private Mono<Void> nothingIsLeft(Progress.Source inbox, int partition, long end) {
        return committed
                .of(partition)
                .filter(offset -> offset >= end)
                .switchIfEmpty(Mono.error(LocalHistory::behind))
                .doOnNext(offset -> progress.pass(inbox, offset - 1))
                .then();
    }

    private static Progress.Source source(int partition, int number) {
        return new Progress.Source(TIMELINE, partition, number);
    }

    private static HistoryUnavailable behind() {
        return new HistoryUnavailable("History has not caught up with the log, try again", null);
    }
}
