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

/** The tap on a {@link MemoryLog}, with the real {@link SubscriberRegistry}; it reads when and as far as the test says. */
final class MemoryTap implements Tap {
    private final MemoryLog log;
    private final List<Lane> lanes;
    private final AtomicLong joins = new AtomicLong();

    MemoryTap(MemoryLog log, BufferLimits bufferLimits, Scheduler scheduler) {
        this.log = log;
        this.lanes = IntStream.range(0, log.partitions())
                .mapToObj(partition -> new Lane(partition, new SubscriberRegistry(bufferLimits, scheduler)))
                .toList();
    }

    @Override
    public LiveSubscription subscribe(UserId user) {
        joins.incrementAndGet();
        return lanes.get(log.partitionOf(user)).listen(user);
    }

    /** How often somebody began to listen. */
    long joins() {
        return joins.get();
    }

    /** How many listen now. */
    int listening() {
        return lanes.stream().mapToInt(lane -> lane.subscriberRegistry.size()).sum();
    }

    /** How many have begun to listen and not stopped. */
    int interested() {
        return lanes.stream().mapToInt(Lane::interested).sum();
    }

    /** The offset that is read next, the log's end where nobody reads. */
    long next(int partition) {
        return lanes.get(partition).next();
    }

    /** Reads at most so many records. */
    void read(int partition, int records) {
        for (int i = 0; i < records && next(partition) < log.end(partition); i++) {
            lanes.get(partition).offer(next(partition));
        }
    }

    /** Reads a record again that it had before, as after a restart. */
    void readAgain(int partition, long offset) {
        lanes.get(partition).offer(offset);
    }

    /** Finds its place in the log gone. */
    void lose(int partition) {
        lanes.get(partition).lose();
    }

    /** Stops reading where nobody listens. */
    void rest() {
        lanes.forEach(Lane::rest);
    }

    private final class Lane {
        private final int partition;
        private final SubscriberRegistry subscriberRegistry;
        private boolean open;
        private int interested;

        Lane(int partition, SubscriberRegistry subscriberRegistry) {
            this.partition = partition;
            this.subscriberRegistry = subscriberRegistry;
        }

        synchronized LiveSubscription listen(UserId user) {
            interested++;
            return new Visit(this, subscriberRegistry.localSubscriber(user));
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

        /** Not under its lock: another thread may lose the place meanwhile, but no test does that to a reading one. */
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

    private static final class Visit implements LiveSubscription {
        private final Lane lane;
        private final LocalSubscriber localSubscriber;
        private final AtomicBoolean left = new AtomicBoolean();

        Visit(Lane lane, LocalSubscriber localSubscriber) {
            this.lane = lane;
            this.localSubscriber = localSubscriber;
        }

        @Override
        public Mono<Long> from() {
            return Mono.fromSupplier(() -> lane.attach(localSubscriber));
        }

        @Override
        public Flux<Message> messages() {
            return localSubscriber.messages();
        }

        @Override
        public void stop() {
            if (left.compareAndSet(false, true)) {
                lane.subscriberRegistry.remove(localSubscriber);
                lane.leave();
            }
        }
    }
}
