package chatql.message;

import chatql.user.UserId;
import java.time.Instant;

/** A message that is stored in the log. */
public record Message(Cursor cursor, UserId sender, UserId recipient, String content) {
    /** The id, unique within one epoch of the topic. */
    public String id() {
        return id(cursor.partition(), cursor.offset());
    }

    /** The {@link #id()} of the message at this position. */
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
