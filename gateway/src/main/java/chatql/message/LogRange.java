package chatql.message;

/**
 * The current range of offsets of the partition that has a user's messages.
 *
 * @param begin the first offset that is still retained
 * @param end the offset of the next message, or an offset that another message has taken since
 */
public record LogRange(Epochs epochs, int partition, long begin, long end) {
    /** A range of a log that has lost nothing. */
    public LogRange(long epoch, int partition, long begin, long end) {
        this(Epochs.of(epoch), partition, begin, end);
    }

    /** The position before the first retained message. */
    public Cursor earliest() {
        return before(begin);
    }

    /** The position before the message at this offset. Its timestamp is the lowest, because it is not known. */
    public Cursor before(long offset) {
        return new Cursor(epochs.of(partition, offset - 1), 0, partition, offset - 1);
    }

    /** Whether the cursor can be one of a message in this partition, retained or not. */
    public boolean covers(Cursor cursor) {
        return cursor.partition() == partition && epochs.isOf(cursor) && cursor.offset() < end;
    }

    /** Whether the log has lost the cursor's message in this partition. */
    public boolean hasLost(Cursor cursor) {
        return cursor.partition() == partition && epochs.hasLost(cursor);
    }

    /** Whether all messages after the cursor are still retained. */
    public boolean keepsAllAfter(Cursor cursor) {
        return cursor.offset() + 1 >= begin;
    }
}
