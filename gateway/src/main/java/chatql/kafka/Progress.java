package chatql.kafka;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** How far this pod's stores have followed their sources, told to those who wait for it. */
final class Progress {
    /** What is followed: by the task of a partition, the source of that number; see {@link HistoryTopology}. */
    record Source(String store, int task, int number) {}

    private final Map<Source, Level> levels = new ConcurrentHashMap<>();

    /** The offset up to which the store has everything, -1 while it has nothing. */
    long reached(Source source) {
        return level(source).reached();
    }

    /** Completes when the store has the record at the offset and all before it. The caller bounds the wait. */
    Mono<Void> reach(Source source, long offset) {
        return Mono.create(waiter -> level(source).await(offset, waiter));
    }

    /** Where to say how far the source has been followed, by whoever begins to do so now. */
    LongConsumer reporter(Source source) {
        level(source).begin();
        return level(source)::advance;
    }

    /** How often this pod has begun to follow the source. */
    int beginnings(Source source) {
        return level(source).beginnings();
    }

    /** Says that the source has no record up to the offset that isn't in the store. */
    void pass(Source source, long offset) {
        level(source).pass(offset);
    }

    private Level level(Source source) {
        return levels.computeIfAbsent(source, key -> new Level());
    }

    private static final class Level {
        private record Waiter(long offset, MonoSink<Void> sink) {}

        private final List<Waiter> waiters = new ArrayList<>(0);
        private long reached = -1;
        private int beginnings;

        synchronized void begin() {
            beginnings++;
        }

        synchronized int beginnings() {
            return beginnings;
        }

        synchronized long reached() {
            return reached;
        }

        void await(long offset, MonoSink<Void> sink) {
            var waiter = new Waiter(offset, sink);
            if (joined(waiter)) {
                sink.onDispose(() -> left(waiter));
            } else {
                sink.success();
            }
        }

        private synchronized boolean joined(Waiter waiter) {
            return reached < waiter.offset() && waiters.add(waiter);
        }

        private synchronized void left(Waiter waiter) {
            waiters.remove(waiter);
        }

        void advance(long offset) {
            arrived(offset).forEach(waiter -> waiter.sink().success());
        }

        void pass(long offset) {
            if (offset > reached()) {
                advance(offset);
            }
        }

        private synchronized List<Waiter> arrived(long offset) {
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
