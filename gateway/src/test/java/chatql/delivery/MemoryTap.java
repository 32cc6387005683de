package chatql.delivery;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A tap on a {@link MemoryLog}, with the real {@link SubscriberRegistry}. The test decides when and how far it reads. */
final class MemoryTap implements Tap {
    private final MemoryLog log;
    private final List<Feed> feeds;
    private final AtomicLong joins = new AtomicLong();

    MemoryTap(MemoryLog log, BufferLimits bufferLimits, Scheduler scheduler) {
        this.log = log;
        this.feeds = IntStream.range(0, log.partitions())
                .mapToObj(partition -> new Feed(partition, new SubscriberRegistry(bufferLimits, scheduler)))
                .toList();
    }

    @Override
    public LiveSubscription subscribe(UserId user) {
        joins.incrementAndGet();
        return feeds.get(log.partitionOf(user)).listen(user);
    }

    /** The number of subscriptions so far. */
    long joins() {
        return joins.get();
    }

    /** The number of registered subscribers. */
    int listening() {
        return feeds.stream().mapToInt(feed -> feed.subscriberRegistry.size()).sum();
    }

    /** The number of subscriptions that have started and not stopped. */
    int interested() {
        return feeds.stream().mapToInt(Feed::interested).sum();
    }

    /** The offset to read next; the log's end if the partition is closed. */
    long next(int partition) {
        return feeds.get(partition).next();
    }

    /** Reads at most this many records. */
    void read(int partition, int records) {
        for (int i = 0; i < records && next(partition) < log.end(partition); i++) {
            feeds.get(partition).offer(next(partition));
        }
    }

    /** Reads an earlier record again, as after a restart. */
    void readAgain(int partition, long offset) {
        feeds.get(partition).offer(offset);
    }

    /** Simulates that the next offset is out of range. */
    void lose(int partition) {
        feeds.get(partition).lose();
    }

    /** Closes the partitions without subscribers. */
    void rest() {
        feeds.forEach(Feed::rest);
    }

    private final class Feed {
        private final int partition;
        private final SubscriberRegistry subscriberRegistry;
        private boolean open;
        private int interested;

        Feed(int partition, SubscriberRegistry subscriberRegistry) {
            this.partition = partition;
            this.subscriberRegistry = subscriberRegistry;
        }

        synchronized LiveSubscription listen(UserId user) {
            interested++;
            return new Registration(this, subscriberRegistry.localSubscriber(user));
        }

        synchronized long attach(LocalSubscriber localSubscriber) {
            if (!open) {
                subscriberRegistry.from(log.end(partition));
                open = true;
            }
            return subscriberRegistry.add(localSubscriber);
        }

        synchronized long next() {
            return open ? subscriberRegistry.next() : log.end(partition);
        }

        /** Not synchronized: the offset may be lost concurrently, but no test does that to a partition that it reads. */
        void offer(long offset) {
            Message message = log.at(partition, offset);
            subscriberRegistry.dispatch(offset, message.recipient().value(), () -> new LiveRecord.NewMessage(message));
        }

        synchronized void lose() {
            if (open) {
                open = false;
                subscriberRegistry.reset(new Cursor(MemoryLog.EPOCH, 0, partition, subscriberRegistry.next() - 1));
            }
        }

        synchronized void rest() {
            open = open && interested > 0;
        }

        synchronized void leave() {
            interested--;
        }

        synchronized int interested() {
            return interested;
        }
    }

    private static final class Registration implements LiveSubscription {
        private final Feed feed;
        private final LocalSubscriber localSubscriber;
        private final AtomicBoolean stopped = new AtomicBoolean();

        Registration(Feed feed, LocalSubscriber localSubscriber) {
            this.feed = feed;
            this.localSubscriber = localSubscriber;
        }

        @Override
        public Mono<Long> from() {
            return Mono.fromSupplier(() -> feed.attach(localSubscriber));
        }

        @Override
        public Flux<Message> messages() {
            return localSubscriber.messages();
        }

        @Override
        public void stop() {
            if (stopped.compareAndSet(false, true)) {
                feed.subscriberRegistry.remove(localSubscriber);
                feed.leave();
            }
        }
    }
}
