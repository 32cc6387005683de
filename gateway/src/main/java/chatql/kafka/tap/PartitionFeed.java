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
 * One partition on the tap: read while somebody here listens in it, and for a while after. It counts those who listen or
 * are about to, so that it isn't closed under one who comes while another leaves.
 */
public final class PartitionFeed {
    /** What opens and closes a partition for reading; each is done before the next begins. */
    public interface PartitionControl {
        /** Reads on from the end of the log as it is after this call; gives the first offset that is read, before it is. */
        Mono<Long> open(int partition);

        void close(int partition);
    }

    private final int partition;
    private final PartitionControl partitionControl;
    private final Duration linger;
    private final Scheduler timer;
    private final SubscriberRegistry subscriberRegistry;
    private final RecentMessageIds recentMessageIds = new RecentMessageIds();
    private int interested;
    private long visits;
    private boolean open;
    private @Nullable Mono<Long> opening;
    /** Why nothing can be read here; null while it can. */
    private @Nullable Supplier<? extends RuntimeException> ended;

    public PartitionFeed(
            int partition,
            PartitionControl partitionControl,
            Duration linger,
            Scheduler timer,
            SubscriberRegistry subscriberRegistry) {
        this.partition = partition;
        this.partitionControl = partitionControl;
        this.linger = linger;
        this.timer = timer;
        this.subscriberRegistry = subscriberRegistry;
    }

    int partition() {
        return partition;
    }

    SubscriberRegistry listeners() {
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
        enter();
        return new PartitionSubscription(subscriberRegistry.localSubscriber(user));
    }

    private synchronized void enter() {
        interested++;
        visits++;
    }

    private synchronized void leave() {
        interested--;
        closeLaterIfLeft();
    }

    private void closeLaterIfLeft() {
        if (interested == 0) {
            long visit = visits;
            timer.schedule(() -> closeUnlessVisitedSince(visit), linger.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void closeUnlessVisitedSince(long visit) {
        if (open && interested == 0 && visits == visit) {
            open = false;
            partitionControl.close(partition);
        }
    }

    private synchronized Mono<Long> opened() {
        if (ended != null) {
            return Mono.error(ended);
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
        if (ended != null) {
            return;
        }
        subscriberRegistry.from(offset);
        recentMessageIds.begin(subscriberRegistry.next());
        open = true;
        closeLaterIfLeft();
    }

    private synchronized void forgetOpening() {
        opening = null;
    }

    /** The first offset that the listener may get; empty when the place was lost since it was opened. */
    private synchronized Mono<Long> added(LocalSubscriber localSubscriber) {
        return open ? Mono.just(subscriberRegistry.add(localSubscriber)) : Mono.empty();
    }

    /** Closes it after its place in the log was lost; those who listen find the way back through history. */
    synchronized void onOffsetOutOfRange(Cursor position) {
        open = false;
        subscriberRegistry.reset(position);
    }

    /** Ends all that listens, and whatever comes until {@link #resume}, each with an error of its own. */
    synchronized void end(Supplier<? extends RuntimeException> why) {
        ended = why;
        open = false;
        subscriberRegistry.end(why);
    }

    /** Lets others listen again. */
    synchronized void resume() {
        ended = null;
    }

    private final class PartitionSubscription implements LiveSubscription {
        private final LocalSubscriber localSubscriber;
        private final AtomicBoolean left = new AtomicBoolean();

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
            if (left.compareAndSet(false, true)) {
                subscriberRegistry.remove(localSubscriber);
                leave();
            }
        }
    }
}
