package chatql.message;

import chatql.user.UserId;
import java.time.Instant;

/** A message that is stored in the log. */
public record Message(Cursor cursor, UserId sender, UserId recipient, String content) {
    /**
     * The id, unique within the topic. Where the log has lost its end, offsets are assigned a second time; the number
     * of the partition's losses then follows them.
     */
    public String id() {
        long losses = Epochs.lossesBefore(cursor.epoch());
        String id = id(cursor.partition(), cursor.offset());
        return losses == 0 ? id : id + "-" + losses;
    }

    /** The {@link #id()} of the message at this position of a log that has lost nothing. */
    public static String id(int partition, long offset) {
        return partition + "-" + offset;
    }

    public Instant sentAt() {
        return Instant.ofEpochMilli(cursor.timestamp());
    }

    /** The position immediately before the message. */
    public Cursor before() {
        return new Cursor(cursor.epoch(), cursor.timestamp(), cursor.partition(), cursor.offset() - 1);
    }

    /** The approximate size in memory, in bytes. */
    public int weight() {
        return 200 + 2 * content.length();
    }

    /** Omits the content, which must not be logged. */
    @Override
    public String toString() {
        return "message " + id() + " from " + sender + " to " + recipient;
    }
}
