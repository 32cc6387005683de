package chatql.kafka.consistency;

import chatql.kafka.store.Source;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * How far this pod's stores have come with each of their sources. A query waits here until the store has the offset that
 * its answer needs.
 *
 * <p>Two threads report: the processor says which record it has stored ({@link ProgressReporter#reached}), and the consumer
 * says how far it has read ({@link #read}). Offsets without a record, such as the markers of transactions, are passed only
 * by the second: the store is past them once it has the last record before them.
 */
public final class StoreProgress {
    private final Map<Source, SourceProgress> sourceProgresses = new ConcurrentHashMap<>();

    /** The offset up to which the store has everything, -1 while it has nothing. */
    public long reached(Source source) {
        return sourceProgress(source).reached();
    }

    /** Completes when the store has the record at the offset and all before it. The caller bounds the wait. */
    Mono<Void> reach(Source source, long offset) {
        return Mono.create(waiter -> sourceProgress(source).await(offset, waiter));
    }

    /** Begins to follow the source on this pod, from nothing. */
    public ProgressReporter follow(Source source) {
        SourceProgress sourceProgress = sourceProgress(source);
        sourceProgress.begin();
        return sourceProgress;
    }

    /** How a processor reports what its store has of one source. */
    public interface ProgressReporter {
        /** The store has all up to the offset. */
        void reached(long offset);

        /** This pod no longer follows the source. */
        void ended();
    }

    /** How often this pod has taken over the source. */
    int takeovers(Source source) {
        return sourceProgress(source).takeovers();
    }

    /**
     * Reports that the consumer has read all below the position. A store that has the last record of them has them all.
     *
     * @param last the offset of the last record that was read this time, -1 for none
     */
    public void read(Source source, long last, long position) {
        sourceProgress(source).read(last, position);
    }

    private SourceProgress sourceProgress(Source source) {
        return sourceProgresses.computeIfAbsent(source, key -> new SourceProgress());
    }

    private static final class SourceProgress implements ProgressReporter {
        private record Waiter(long offset, MonoSink<Void> sink) {}

        private final List<Waiter> waiters = new ArrayList<>(0);
        private int takeovers;
        private boolean followed;
        private long reached = -1;
        /** The last record that was read since the takeover, -1 for none. Earlier ones are in the store. */
        private long last = -1;

        synchronized void begin() {
            takeovers++;
            followed = true;
            reached = -1;
            last = -1;
        }

        @Override
        public synchronized void ended() {
            followed = false;
            reached = -1;
        }

        synchronized int takeovers() {
            return takeovers;
        }

        synchronized long reached() {
            return reached;
        }

        void await(long offset, MonoSink<Void> sink) {
            var waiter = new Waiter(offset, sink);
            if (added(waiter)) {
                sink.onDispose(() -> removed(waiter));
            } else {
                sink.success();
            }
        }

        private synchronized boolean added(Waiter waiter) {
            return reached < waiter.offset() && waiters.add(waiter);
        }

        private synchronized void removed(Waiter waiter) {
            waiters.remove(waiter);
        }

        @Override
        public void reached(long offset) {
            complete(advancedTo(offset));
        }

        void read(long record, long position) {
            complete(readUpTo(record, position - 1));
        }

        private static void complete(List<Waiter> waiters) {
            waiters.forEach(waiter -> waiter.sink().success());
        }

        private synchronized List<Waiter> readUpTo(long record, long offset) {
            last = Math.max(last, record);
            return followed && reached >= last && reached < offset ? advancedTo(offset) : List.of();
        }

        private synchronized List<Waiter> advancedTo(long offset) {
            reached = offset;
            if (waiters.isEmpty()) {
                return List.of();
            }
            List<Waiter> done = new ArrayList<>();
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (waiter.offset() <= offset) {
                    all.remove();
                    done.add(waiter);
                }
            }
            return done;
        }
    }
}
