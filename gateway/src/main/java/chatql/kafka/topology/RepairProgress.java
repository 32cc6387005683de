package chatql.kafka.topology;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far the records of each partition are dealt with for good that are no messages or stand in the wrong place: all below
 * are dead letters or stand where they belong, acknowledged. Whoever reads the log once more does nothing for these.
 */
public final class RepairProgress {
    /** Below which offset, by partition. */
    private final Map<Integer, Long> below = new ConcurrentHashMap<>();

    /** What this pod has done since, and isn't known to be acknowledged: the latest offset, by partition. */
    private final Map<Integer, Long> open = new ConcurrentHashMap<>();

    boolean isRepaired(int partition, long offset) {
        return offset < below.getOrDefault(partition, 0L);
    }

    /** Says that something was sent for the record. */
    void note(int partition, long offset) {
        open.merge(partition, offset, Math::max);
    }

    /** The latest record by partition for which something was sent. */
    public Map<Integer, Long> open() {
        return Map.copyOf(open);
    }

    /** Says that whatever was sent for records below the offset is acknowledged. */
    void reached(int partition, long end) {
        below.merge(partition, end, Math::max);
        open.computeIfPresent(partition, (of, latest) -> latest < end ? null : latest);
    }
}
