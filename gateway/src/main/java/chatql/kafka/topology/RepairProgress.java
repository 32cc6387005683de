package chatql.kafka.topology;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The offset in each partition up to which all repairs are acknowledged: every invalid record below it is
 * dead-lettered, and every misplaced one is rerouted. A replay of the log repeats none of these repairs.
 */
public final class RepairProgress {
    /** The exclusive end of acknowledged repairs, by partition. */
    private final Map<Integer, Long> below = new ConcurrentHashMap<>();

    /** The latest offset, by partition, that this pod has repaired and whose output is not known to be acknowledged. */
    private final Map<Integer, Long> open = new ConcurrentHashMap<>();

    boolean isRepaired(int partition, long offset) {
        return offset < below.getOrDefault(partition, 0L);
    }

    /** Notes that output was sent for the record. */
    void note(int partition, long offset) {
        open.merge(partition, offset, Math::max);
    }

    /** The latest record, by partition, for which output was sent and not known to be acknowledged. */
    public Map<Integer, Long> open() {
        return Map.copyOf(open);
    }

    /** Notes that all output for records below the offset is acknowledged. */
    void reached(int partition, long end) {
        below.merge(partition, end, Math::max);
        open.computeIfPresent(partition, (of, latest) -> latest < end ? null : latest);
    }
}
