package chatql.kafka.tap;

import chatql.delivery.Listener;
import chatql.delivery.Listeners;
import chatql.delivery.Live;
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
public final class Lane {
    /** What opens and closes a partition for reading; each is done before the next begins. */
    public interface Valve {
        /** Reads on from the end of the log as it is after this call; gives the first offset that is read, before it is. */
        Mono<Long> open(int partition);

        void close(int partition);
    }

    private final int partition;
    private final Valve valve;
    private final Duration linger;
    private final Scheduler timer;
    private final Listeners listeners;
    private final Recent recent = new Recent();
    private int interested;
    private long visits;
    private boolean open;
    private @Nullable Mono<Long> opening;
    /** Why nothing can be read here; null while it can. */
    private @Nullable Supplier<? extends RuntimeException> ended;

    public Lane(int partition, Valve valve, Duration linger, Scheduler timer, Listeners listeners) {
        this.partition = partition;
        this.valve = valve;
        this.linger = linger;
        this.timer = timer;
        this.listeners = listeners;
    }

    int partition() {
        return partition;
    }

    Listeners listeners() {
        return listeners;
    }

    synchronized boolean isOpen() {
        return open;
    }

    /** See {@link Recent#isNew}. */
    synchronized boolean isNew(Recent.Id id, long offset, long checked) {
        return recent.isNew(id, offset, checked);
    }

    Live listen(UserId user) {
        enter();
        return new Visit(listeners.listener(user));
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
            valve.close(partition);
        }
    }

    private synchronized Mono<Long> opened() {
        if (ended != null) {
            return Mono.error(ended);
        }
        if (open) {
            return Mono.just(listeners.next());
        }
        if (opening == null) {
            opening = valve.open(partition)
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
        listeners.from(offset);
        recent.begin(listeners.next());
        open = true;
        closeLaterIfLeft();
    }

    private synchronized void forgetOpening() {
        opening = null;
    }

    /** The first offset that the listener may get; empty when the place was lost since it was opened. */
    private synchronized Mono<Long> added(Listener listener) {
        return open ? Mono.just(listeners.add(listener)) : Mono.empty();
    }

    /** Closes it after its place in the log was lost; those who listen find the way back through history. */
    synchronized void lose(Cursor position) {
        open = false;
        listeners.reset(position);
    }

    /** Ends all that listens, and whatever comes until {@link #resume}, each with an error of its own. */
    synchronized void end(Supplier<? extends RuntimeException> why) {
        ended = why;
        open = false;
        listeners.end(why);
    }

    /** Lets others listen again. */
    synchronized void resume() {
        ended = null;
    }

    private final class Visit implements Live {
        private final Listener listener;
        private final AtomicBoolean left = new AtomicBoolean();

        Visit(Listener listener) {
            this.listener = listener;
        }

        @Override
        public Mono<Long> from() {
            return Mono.defer(Lane.this::opened)
                    .flatMap(opened -> added(listener))
                    .switchIfEmpty(Mono.defer(this::from));
        }

        @Override
        public Flux<Message> messages() {
            return listener.messages();
        }

        @Override
        public void stop() {
            if (left.compareAndSet(false, true)) {
                listeners.remove(listener);
                leave();
            }
        }
    }
}
