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

/** The tap on a {@link MemoryLog}, with the real {@link Listeners}; it reads when and as far as the test says. */
final class MemoryTap implements Tap {
    private final MemoryLog log;
    private final List<Lane> lanes;
    private final AtomicLong joins = new AtomicLong();

    MemoryTap(MemoryLog log, Bounds bounds, Scheduler scheduler) {
        this.log = log;
        this.lanes = IntStream.range(0, log.partitions())
                .mapToObj(partition -> new Lane(partition, new Listeners(bounds, scheduler)))
                .toList();
    }

    @Override
    public Live listen(UserId user) {
        joins.incrementAndGet();
        return lanes.get(log.partitionOf(user)).listen(user);
    }

    /** How often somebody began to listen. */
    long joins() {
        return joins.get();
    }

    /** How many listen now. */
    int listening() {
        return lanes.stream().mapToInt(lane -> lane.listeners.size()).sum();
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
        private final Listeners listeners;
        private boolean open;
        private int interested;

        Lane(int partition, Listeners listeners) {
            this.partition = partition;
            this.listeners = listeners;
        }

        synchronized Live listen(UserId user) {
            interested++;
            return new Visit(this, listeners.listener(user));
        }

        synchronized long attach(Listener listener) {
            if (!open) {
                listeners.from(log.end(partition));
                open = true;
            }
            return listeners.add(listener);
        }

        synchronized long next() {
            return open ? listeners.next() : log.end(partition);
        }

        /** Not under its lock: another thread may lose the place meanwhile, but no test does that to a reading one. */
        void offer(long offset) {
            Message message = log.at(partition, offset);
            listeners.dispatch(offset, message.recipient().value(), () -> new Arrival.Said(message));
        }

        synchronized void lose() {
            if (open) {
                open = false;
                listeners.reset(new Cursor(MemoryLog.EPOCH, 0, partition, listeners.next() - 1));
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

    private static final class Visit implements Live {
        private final Lane lane;
        private final Listener listener;
        private final AtomicBoolean left = new AtomicBoolean();

        Visit(Lane lane, Listener listener) {
            this.lane = lane;
            this.listener = listener;
        }

        @Override
        public Mono<Long> from() {
            return Mono.fromSupplier(() -> lane.attach(listener));
        }

        @Override
        public Flux<Message> messages() {
            return listener.messages();
        }

        @Override
        public void stop() {
            if (left.compareAndSet(false, true)) {
                lane.listeners.remove(listener);
                lane.leave();
            }
        }
    }
}
