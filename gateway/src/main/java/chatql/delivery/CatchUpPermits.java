package chatql.delivery;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Permits that bound how many subscriptions of one connection read from history at once. A client that resumes many
 * subscriptions reads them a few at a time. The permits travel in Reactor's context, from the connection upstream. Safe
 * for use by several threads.
 */
public final class CatchUpPermits {
    private int free;
    private @Nullable Queue<Waiting> waiting;

    /** @param max how many subscriptions may read at once */
    public CatchUpPermits(int max) {
        this.free = max;
    }

    /** Adds the permits to the context, where the connection's subscriptions find them. */
    public Context writeTo(Context context) {
        return context.put(CatchUpPermits.class, this);
    }

    /**
     * Returns the flux, which holds a permit of its connection while it runs. A connection without permits does not
     * limit it.
     */
    static <T> Flux<T> limit(Flux<T> flux) {
        return Flux.deferContextual(context -> {
            CatchUpPermits permits = from(context);
            return permits == null
                    ? flux
                    : permits.acquire().flatMapMany(permit -> flux.doFinally(end -> permit.release()));
        });
    }

    private static @Nullable CatchUpPermits from(ContextView context) {
        return context.getOrDefault(CatchUpPermits.class, null);
    }

    private Mono<Permit> acquire() {
        return Mono.create(sink -> {
            var next = new Waiting(sink);
            sink.onCancel(next::cancel);
            if (isFree(next)) {
                next.grant();
            }
        });
    }

    private synchronized boolean isFree(Waiting next) {
        if (free > 0) {
            free--;
            return true;
        }
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
        waiting.add(next);
        return false;
    }

    /** Passes the permit on to the subscription that has waited longest. */
    private void pass() {
        Waiting next = next();
        if (next != null) {
            next.grant();
        }
    }

    private synchronized @Nullable Waiting next() {
        Waiting next = waiting == null ? null : waiting.poll();
        if (next == null) {
            waiting = null;
            free++;
        }
        return next;
    }

    private synchronized void forget(Waiting cancelled) {
        if (waiting != null) {
            waiting.remove(cancelled);
        }
    }

    /** A subscription that waits for a permit. */
    private final class Waiting {
        private final MonoSink<Permit> sink;
        private final AtomicBoolean decided = new AtomicBoolean();

        Waiting(MonoSink<Permit> sink) {
            this.sink = sink;
        }

        void grant() {
            if (decided.compareAndSet(false, true)) {
                sink.success(new Permit());
            } else {
                pass();
            }
        }

        void cancel() {
            decided.set(true);
            forget(this);
        }
    }

    private final class Permit {
        private final AtomicBoolean released = new AtomicBoolean();

        void release() {
            if (released.compareAndSet(false, true)) {
                pass();
            }
        }
    }
}
