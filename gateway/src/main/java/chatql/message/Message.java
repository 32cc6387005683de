package chatql.message;

import chatql.user.UserId;
import java.time.Instant;

/** Something said, as it stands in the log. */
public record Message(Cursor cursor, UserId sender, UserId recipient, String content) {
    /** What tells this message from every other one in this life of the topic. */
    public String id() {
        return id(cursor.partition(), cursor.offset());
    }

    /** What a message has there as its {@link #id()}. */
    public static String id(int partition, long offset) {
        return partition + "-" + offset;
    }

    public Instant sentAt() {
        return Instant.ofEpochMilli(cursor.timestamp());
    }

    /** The position right before it. */
    public Cursor before() {
        return new Cursor(cursor.epoch(), cursor.timestamp(), cursor.partition(), cursor.offset() - 1);
    }

    /** About how many bytes it takes in memory. */
    public int weight() {
        return 200 + 2 * content.length();
    }

    /** Without the content, which is nobody's business in a log. */
    @Override
    public String toString() {
        return "message " + id() + " from " + sender + " to " + recipient;
    }
}
