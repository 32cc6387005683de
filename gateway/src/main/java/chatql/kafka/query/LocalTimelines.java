package chatql.kafka.query;

import static chatql.kafka.store.StoreLayout.FIRSTS;
import static chatql.kafka.store.StoreLayout.TIMELINE;

import chatql.history.HistoryUnavailable;
import chatql.history.Page;
import chatql.history.PageRequest;
import chatql.kafka.consistency.CatchUp;
import chatql.kafka.consistency.OwnershipBarrier;
import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.store.IdempotencyIndex;
import chatql.kafka.store.Source;
import chatql.kafka.store.TimelineReader;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.TopicSettings;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.UserId;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers queries about the timelines on this pod. */
public final class LocalTimelines {
    private final LocalStores stores;
    private final StoreProgress storeProgress;
    private final TopicSettings topics;
    private final KeyPartitioner keyPartitioner;
    private final TimelineReader reader;
    private final CatchUp catchUp;
    private final OwnershipBarrier ownershipBarrier;
    private final Clock clock;

    public LocalTimelines(
            LocalStores stores,
            StoreProgress storeProgress,
            TopicSettings topics,
            TimelineReader reader,
            CatchUp catchUp,
            OwnershipBarrier ownershipBarrier,
            Clock clock) {
        this.stores = stores;
        this.storeProgress = storeProgress;
        this.topics = topics;
        this.keyPartitioner = new KeyPartitioner(topics.partitions());
        this.reader = reader;
        this.catchUp = catchUp;
        this.ownershipBarrier = ownershipBarrier;
        this.clock = clock;
    }

    /** As {@link StoreQueries#timeline}. */
    Mono<Page> timeline(UserId user, PageRequest pageRequest, Map<Integer, Long> written) {
        int partition = keyPartitioner.of(user);
        return ownershipBarrier
                .passed(Source.inbox(partition), topics.messages())
                .then(ownershipBarrier.passed(Source.sent(partition), topics.sent()))
                .thenMany(Flux.fromIterable(written.entrySet()))
                .concatMap(
                        required -> catchUp.reach(Source.timeline(partition, required.getKey()), required.getValue()))
                .thenMany(Flux.fromStream(pageRequest::cursors))
                .concatMap(cursor -> reached(user, partition, cursor))
                .then(stores.read(TIMELINE, partition, store -> reader.page(store, user, pageRequest)));
    }

    /**
     * Waits for the cursor's message. It may be one that the user received, which is in the user's own partition, or
     * one that the user sent. The start of a subscription is in the user's own partition, and has no message.
     */
    private Mono<Void> reached(UserId user, int partition, Cursor cursor) {
        if (cursor.isStart() && cursor.partition() == partition) {
            return catchUp.reach(Source.inbox(partition), cursor.offset());
        }
        Mono<Void> sent = catchUp.reach(Source.sentFrom(partition, cursor.partition()), cursor.offset());
        if (cursor.partition() != partition) {
            return sent;
        }
        return catchUp.reach(Source.inbox(partition), cursor.offset())
                .then(stores.read(
                        TIMELINE, partition, store -> reader.hasReceived(store, user, cursor) ? cursor : null))
                .switchIfEmpty(sent.then(Mono.empty()))
                .then();
    }

    /** As {@link chatql.history.History#inbox}. */
    Mono<Page> inbox(UserId user, Cursor after, long end) {
        int partition = keyPartitioner.of(user);
        Source inbox = Source.inbox(partition);
        Mono<Page> page = stores.read(TIMELINE, partition, store -> page(store, inbox, user, after, end));
        return page.flatMap(first -> first.last() || !first.messages().isEmpty()
                ? Mono.just(first)
                : catchUp.reach(inbox, end - 1).then(page));
    }

    private Page page(ReadOnlyKeyValueStore<Bytes, byte[]> store, Source inbox, UserId user, Cursor after, long end) {
        // Determined before the store is read, so that the read sees everything up to this offset.
        boolean complete = storeProgress.reached(inbox) >= end - 1;
        Page page = reader.received(store, user, after, end);
        return new Page(page.messages(), page.hasPrevious(), page.hasNext() || !complete);
    }

    /** Looks the identity up in what the store has now. Errors with {@link HistoryUnavailable}. */
    Mono<DuplicateLookup> duplicateLookup(Draft.Identity identity) {
        int partition = keyPartitioner.of(identity.recipient());
        return Mono.fromSupplier(() -> storeProgress.reached(Source.inbox(partition)))
                .flatMap(reached -> first(identity, partition)
                        .map(message -> new DuplicateLookup(message, reached))
                        .defaultIfEmpty(new DuplicateLookup(null, reached)));
    }

    private Mono<Message> first(Draft.Identity identity, int partition) {
        return stores.readWindows(FIRSTS, partition, store -> IdempotencyIndex.now(store, identity, clock.millis()))
                .flatMap(first -> stores.read(
                        TIMELINE,
                        partition,
                        store -> reader.at(store, identity.recipient(), first.timelinePosition(partition))));
    }
}
