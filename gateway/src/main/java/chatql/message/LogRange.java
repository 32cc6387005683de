package chatql.message;

/**
 * The part of the log in which a user's messages stand, as it is now.
 *
 * @param begin the first offset that is still kept
 * @param end the offset that the next message will get, or one that has been taken since
 */
public record LogRange(Epochs epochs, int partition, long begin, long end) {
    /** Of a log that has lost nothing. */
    public LogRange(long epoch, int partition, long begin, long end) {
        this(Epochs.of(epoch), partition, begin, end);
    }

    /** Before all that is still kept. */
    public Cursor earliest() {
        return new Cursor(epochs.of(partition, begin - 1), 0, partition, begin - 1);
    }

    /** Whether the cursor could have been given out for a message here, kept or not. */
    public boolean covers(Cursor cursor) {
        return cursor.partition() == partition && epochs.isOf(cursor) && cursor.offset() < end;
    }

    /** Whether the cursor is of a message here that the log has lost since. */
    public boolean hasLost(Cursor cursor) {
        return cursor.partition() == partition && epochs.hasLost(cursor);
    }

    /** Whether all after the cursor is still kept. */
    public boolean keepsAllAfter(Cursor cursor) {
        return cursor.offset() + 1 >= begin;
    }
}
