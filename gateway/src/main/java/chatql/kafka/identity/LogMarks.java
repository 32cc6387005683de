package chatql.kafka.identity;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** How far this pod has seen each partition of the log reach: an end before them is a loss. */
public final class LogMarks {
    private final AtomicLongArray ends;
    /** By partition, the lowest offset from which on something else stands there than this pod has seen. */
    private final Map<Integer, Long> diverged = new ConcurrentHashMap<>();

    public LogMarks(int partitions) {
        ends = new AtomicLongArray(partitions);
    }

    /** All below the offset was there. */
    public void reached(int partition, long end) {
        if (ends.get(partition) < end) {
            ends.accumulateAndGet(partition, end, Math::max);
        }
    }

    /** Something else stands there from the offset on. */
    public void diverged(int partition, long offset) {
        diverged.merge(partition, offset, Math::min);
    }

    /** Of one partition as of now. */
    long end(int partition) {
        return ends.get(partition);
    }

    /** Of all partitions as of now. */
    long[] ends() {
        long[] now = new long[ends.length()];
        for (int partition = 0; partition < now.length; partition++) {
            now[partition] = ends.get(partition);
        }
        return now;
    }

    Map<Integer, Long> diverged() {
        return Map.copyOf(diverged);
    }
}
