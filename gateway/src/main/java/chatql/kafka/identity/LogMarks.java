package chatql.kafka.identity;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The highest end of each partition that this pod has seen. A lower end of the log is a loss. */
public final class LogMarks {
    private final AtomicLongArray ends;
    private final AtomicLongArray readEnds;
    private final AtomicIntegerArray readEpochs;
    /** By partition, the lowest offset at which the log has another record than this pod has seen. */
    private final Map<Integer, Long> diverged = new ConcurrentHashMap<>();

    public LogMarks(int partitions) {
        ends = new AtomicLongArray(partitions);
        readEnds = new AtomicLongArray(partitions);
        readEpochs = new AtomicIntegerArray(
                IntStream.generate(() -> LogEnd.UNKNOWN).limit(partitions).toArray());
    }

    /** Notes that the partition had all offsets below this end. */
    public void reached(int partition, long end) {
        if (ends.get(partition) < end) {
            ends.accumulateAndGet(partition, end, Math::max);
        }
    }

    /**
     * Notes that the partition had the record, with the epoch of the leader that appended it. Only one thread may call
     * this.
     */
    public void read(ConsumerRecord<?, ?> record) {
        read(record.partition(), record.offset(), record.leaderEpoch().orElse(LogEnd.UNKNOWN));
    }

    void read(int partition, long offset, int leaderEpoch) {
        reached(partition, offset + 1);
        if (readEnds.get(partition) <= offset) {
            // In this order, so that a reader never takes a record for one of an earlier leader.
            readEpochs.set(partition, leaderEpoch);
            readEnds.set(partition, offset + 1);
        }
    }

    /** The end of the records that were read, with the leader epoch of the last one or of a later one. */
    LogEnd read(int partition) {
        long end = readEnds.get(partition);
        return new LogEnd(end, readEpochs.get(partition));
    }

    /** Notes that the log has another record at this offset than this pod has seen. */
    public void diverged(int partition, long offset) {
        diverged.merge(partition, offset, Math::min);
    }

    /** The highest end of one partition so far. */
    long end(int partition) {
        return ends.get(partition);
    }

    int partitions() {
        return ends.length();
    }

    Map<Integer, Long> diverged() {
        return Map.copyOf(diverged);
    }
}
