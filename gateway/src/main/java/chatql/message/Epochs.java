package chatql.message;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which epoch each offset of the log belongs to. A topic begins with one; where a partition has lost its end,
 * the next one begins, for the offsets from there on are given a second time.
 *
 * @param first of the topic
 * @param losses by partition, the offsets from which on it has lost what it had, and how many losses that makes
 */
public record Epochs(long first, Map<Integer, NavigableMap<Long, Integer>> losses) {
    private static final NavigableMap<Long, Integer> NONE = new TreeMap<>();

    /** Of a log that has lost nothing. */
    public static Epochs of(long first) {
        return new Epochs(first, Map.of());
    }

    public long of(int partition, long offset) {
        var loss = losses.getOrDefault(partition, NONE).floorEntry(offset);
        return loss == null ? first : first + loss.getValue();
    }

    /** Whether the cursor is of a message that has been lost since. */
    public boolean hasLost(Cursor cursor) {
        long losses = this.losses.getOrDefault(cursor.partition(), NONE).values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        long number = cursor.epoch() - first;
        return number >= 0 && number <= losses && !isOf(cursor);
    }

    /** Whether the cursor's place belongs to the cursor's epoch. */
    public boolean isOf(Cursor cursor) {
        return cursor.epoch() == of(cursor.partition(), cursor.offset());
    }
}
