package chatql.kafka;

import static chatql.kafka.HistoryTopology.INBOX;
import static chatql.kafka.HistoryTopology.TIMELINE;

import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    private final Duration wait;

    LocalHistory(LocalStores stores, Progress progress, Partitions partitions, TimelineReader reader, Duration wait) {
        this.stores = stores;
        this.progress = progress;
        this.partitions = partitions;
        this.reader = reader;
        this.wait = wait;
    }

    /** As {@link chatql.history.History#timeline}, with the offsets that must be there by number of the source. */
    Mono<List<Message>> timeline(UserId user, int limit, Map<Integer, Long> written) {
        Mono<Void> there = Flux.fromIterable(written.entrySet())
                .flatMap(mark -> progress.reach(source(user, mark.getKey()), mark.getValue()))
                .then();
        return bounded(there)
                .then(stores.read(TIMELINE, partitions.of(user), store -> reader.latest(store, user, limit)));
    }

    /** As {@link chatql.history.History#inbox}. */
    Mono<Page> inbox(UserId user, Cursor after, long end) {
        Mono<Page> page = stores.read(TIMELINE, partitions.of(user), store -> page(store, user, after, end));
        return page.flatMap(first -> first.last() || !first.messages().isEmpty()
                ? Mono.just(first)
                : bounded(progress.reach(source(user, INBOX), end - 1)).then(page));
    }

    private Page page(ReadOnlyKeyValueStore<Bytes, byte[]> store, UserId user, Cursor after, long end) {
        // Asked before the store is read: what it has by then is found.
        boolean complete = progress.reached(source(user, INBOX)) >= end - 1;
        Page page = reader.received(store, user, after, end);
        return new Page(page.messages(), page.last() && complete);
    }

    private Progress.Source source(UserId user, int number) {
        return new Progress.Source(TIMELINE, partitions.of(user), number);
    }

    private Mono<Void> bounded(Mono<Void> caughtUp) {
        return caughtUp.timeout(
                wait,
                Mono.error(() -> new HistoryUnavailable("History has not caught up with the log, try again", null)));
    }
}
