package chatql.message;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Maps each offset of the log to its epoch. A topic starts with one epoch. When a partition loses its end, the next
 * epoch starts at the offset of the loss, because Kafka assigns the offsets from there on again.
 *
 * @param first the epoch of the topic
 * @param losses by partition, each offset from which on messages were lost, and the number of losses up to it
 */
public record Epochs(long first, Map<Integer, NavigableMap<Long, Integer>> losses) {
    private static final NavigableMap<Long, Integer> NONE = new TreeMap<>();

    /** The bits of an epoch that count the losses of a partition; the others tell topics apart. */
    private static final long LOSSES = 0xFFF;

    /** The epoch of a topic that has lost nothing, from the half of the topic's id that has the most significant bits. */
    public static long first(long topicId) {
        return topicId & ~LOSSES;
    }

    /** How many losses of its partition an epoch follows. */
    static long lossesBefore(long epoch) {
        return epoch & LOSSES;
    }

    /** Epochs of a log that has lost nothing. */
    public static Epochs of(long first) {
        return new Epochs(first, Map.of());
    }

    /** The epoch of an offset. */
    public long of(int partition, long offset) {
        var loss = losses.getOrDefault(partition, NONE).floorEntry(offset);
        return loss == null ? first : first + loss.getValue();
    }

    /** Whether the log has lost the cursor's message. */
    public boolean hasLost(Cursor cursor) {
        long losses = this.losses.getOrDefault(cursor.partition(), NONE).values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        long number = cursor.epoch() - first;
        return number >= 0 && number <= losses && !isOf(cursor);
    }

    /** Whether the cursor's offset belongs to the cursor's epoch. */
    public boolean isOf(Cursor cursor) {
        return cursor.epoch() == of(cursor.partition(), cursor.offset());
    }
}
