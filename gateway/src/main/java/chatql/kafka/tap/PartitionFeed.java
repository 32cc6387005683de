package chatql.kafka.tap;

import chatql.delivery.LiveSubscription;
import chatql.delivery.LocalSubscriber;
import chatql.delivery.SubscriberRegistry;
import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The feed of one partition. The partition is read while it has subscribers on this pod, and for a while after. The
 * feed also counts subscribers that are about to register, so that the partition is not closed when one leaves while
 * another arrives.
 */
public final class PartitionFeed {
    /** Opens and closes a partition for reading. Each call completes before the next one starts. */
    public interface PartitionControl {
        /** Reads on from the log's end as of this call. Emits the first offset that is read, before reading it. */
        Mono<Long> open(int partition);

        void close(int partition);
    }

    private final int partition;
    private final PartitionControl partitionControl;
    private final Duration idleCloseDelay;
    private final Scheduler timer;
    private final SubscriberRegistry subscriberRegistry;
    private final RecentMessageIds recentMessageIds = new RecentMessageIds();
    private int subscribers;
    private long subscribeCount;
    private boolean open;
    private @Nullable Mono<Long> opening;
    /** Supplies the error for subscribers while nothing can be read; null while the feed can read. */
    private @Nullable Supplier<? extends RuntimeException> endError;

    public PartitionFeed(
            int partition,
            PartitionControl partitionControl,
            Duration idleCloseDelay,
            Scheduler timer,
            SubscriberRegistry subscriberRegistry) {
        this.partition = partition;
        this.partitionControl = partitionControl;
        this.idleCloseDelay = idleCloseDelay;
        this.timer = timer;
        this.subscriberRegistry = subscriberRegistry;
    }

    int partition() {
        return partition;
    }

    SubscriberRegistry subscribers() {
        return subscriberRegistry;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** See {@link RecentMessageIds#isNew}. */
    synchronized boolean isNew(RecentMessageIds.Id id, long offset, long checked) {
        return recentMessageIds.isNew(id, offset, checked);
    }

    LiveSubscription subscribe(UserId user) {
        acquire();
        return new PartitionSubscription(subscriberRegistry.localSubscriber(user));
    }

    private synchronized void acquire() {
        subscribers++;
        subscribeCount++;
    }

    private synchronized void release() {
        subscribers--;
        scheduleCloseIfIdle();
    }

    private void scheduleCloseIfIdle() {
        if (subscribers == 0) {
            long countBefore = subscribeCount;
            timer.schedule(() -> closeIfIdleSince(countBefore), idleCloseDelay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void closeIfIdleSince(long countBefore) {
        if (open && subscribers == 0 && subscribeCount == countBefore) {
            open = false;
            partitionControl.close(partition);
        }
    }

    private synchronized Mono<Long> opened() {
        if (endError != null) {
            return Mono.error(endError);
        }
        if (open) {
            return Mono.just(subscriberRegistry.next());
        }
        if (opening == null) {
            opening = partitionControl
                    .open(partition)
                    .doOnNext(this::opened)
                    .doOnError(failure -> forgetOpening())
                    .cache();
        }
        return opening;
    }

    private synchronized void opened(long offset) {
        opening = null;
        if (endError != null) {
            return;
        }
        subscriberRegistry.from(offset);
        recentMessageIds.begin(subscriberRegistry.next());
        open = true;
        scheduleCloseIfIdle();
    }

    private synchronized void forgetOpening() {
        opening = null;
    }

    /**
     * Registers the subscriber. Returns the first offset that it may receive; empty if the partition was closed since
     * it was opened.
     */
    private synchronized Mono<Long> added(LocalSubscriber localSubscriber) {
        return open ? Mono.just(subscriberRegistry.add(localSubscriber)) : Mono.empty();
    }

    /** Closes the feed after its offset was lost from the log. Its subscribers fall back to history. */
    synchronized void onOffsetOutOfRange(Cursor position) {
        open = false;
        subscriberRegistry.reset(position);
    }

    /** Ends all subscribers, and those that subscribe before {@link #resume}, each with an error of its own. */
    synchronized void end(Supplier<? extends RuntimeException> error) {
        endError = error;
        open = false;
        subscriberRegistry.end(error);
    }

    /** Accepts subscribers again. */
    synchronized void resume() {
        endError = null;
    }

    private final class PartitionSubscription implements LiveSubscription {
        private final LocalSubscriber localSubscriber;
        private final AtomicBoolean stopped = new AtomicBoolean();

        PartitionSubscription(LocalSubscriber localSubscriber) {
            this.localSubscriber = localSubscriber;
        }

        @Override
        public Mono<Long> from() {
            return Mono.defer(PartitionFeed.this::opened)
                    .flatMap(opened -> added(localSubscriber))
                    .switchIfEmpty(Mono.defer(this::from));
        }

        @Override
        public Flux<Message> messages() {
            return localSubscriber.messages();
        }

        @Override
        public void stop() {
            if (stopped.compareAndSet(false, true)) {
                subscriberRegistry.remove(localSubscriber);
                release();
            }
        }
    }
}
