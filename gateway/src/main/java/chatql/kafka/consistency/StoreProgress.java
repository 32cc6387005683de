package chatql.kafka.consistency;

import chatql.kafka.store.Source;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** How far this pod's stores have followed their sources, told to those who wait for it. */
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

    /** Where whoever begins to follow the source now says how far. */
    public ProgressReporter follow(Source source) {
        SourceProgress sourceProgress = sourceProgress(source);
        sourceProgress.begin();
        return sourceProgress;
    }

    /** Of whoever follows a source. */
    public interface ProgressReporter {
        /** The store has all up to the offset. */
        void reached(long offset);

        /** The source is followed here no longer. */
        void ended();
    }

    /** How often this pod has begun to follow the source. */
    int takeovers(Source source) {
        return sourceProgress(source).takeovers();
    }

    /**
     * Says that this pod has read the source below the position; who follows the source since before it was read will
     * have all that when it has reached the last record.
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
        private int beginnings;
        private boolean followed;
        private long reached = -1;
        /** The last record that was read since the beginning, -1 for none: what was read before it is in the store. */
        private long last = -1;

        synchronized void begin() {
            beginnings++;
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
            return beginnings;
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

        /** Offsets without a record, such as the end of a transaction, are passed with the record before them. */
        private synchronized List<Waiter> readUpTo(long record, long offset) {
            last = Math.max(last, record);
            return followed && reached >= last && reached < offset ? advancedTo(offset) : List.of();
        }

        private synchronized List<Waiter> advancedTo(long offset) {
            reached = offset;
            if (waiters.isEmpty()) {
                return List.of();
            }
            List<Waiter> arrived = new ArrayList<>();
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (waiter.offset() <= offset) {
                    all.remove();
                    arrived.add(waiter);
                }
            }
            return arrived;
        }
    }
}
