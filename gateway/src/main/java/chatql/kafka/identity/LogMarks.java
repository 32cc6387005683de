package chatql.kafka.identity;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** The highest end of each partition that this pod has seen. A lower end of the log is a loss. */
public final class LogMarks {
    private final AtomicLongArray ends;
    /** By partition, the lowest offset at which the log has another record than this pod has seen. */
    private final Map<Integer, Long> diverged = new ConcurrentHashMap<>();

    public LogMarks(int partitions) {
        ends = new AtomicLongArray(partitions);
    }

    /** Notes that the partition had all offsets below this end. */
    public void reached(int partition, long end) {
        if (ends.get(partition) < end) {
            ends.accumulateAndGet(partition, end, Math::max);
        }
    }

    /** Notes that the log has another record at this offset than this pod has seen. */
    public void diverged(int partition, long offset) {
        diverged.merge(partition, offset, Math::min);
    }

    /** The highest end of one partition so far. */
    long end(int partition) {
        return ends.get(partition);
    }

    /** The highest ends of all partitions so far. */
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
