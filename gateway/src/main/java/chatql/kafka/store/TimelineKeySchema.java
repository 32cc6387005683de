package chatql.kafka.store;

import chatql.user.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/**
 * One list of places in the store of timelines: all keys that begin with the section's own and end with a place. The
 * sections of one user stand together: length of the id, id, kind.
 */
public record TimelineKeySchema(Bytes begin) {
    private enum Kind {
        /** Entries of what the user received. */
        RECEIVED(0),
        /** Entries of what the user sent to others. */
        SENT(1),
        /** For each message with one other user, in which of those two its entry stands. */
        CONVERSATION(2),
        /** Where a message stands whose own timestamp isn't its place's. */
        DISPLACED(3),
        /** Which of the records that were written again from one place came first. */
        REWRITTEN(4);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }
    }

    public static TimelineKeySchema received(UserId user) {
        return new TimelineKeySchema(Bytes.wrap(begin(user, Kind.RECEIVED, 0).array()));
    }

    static TimelineKeySchema sent(UserId user) {
        return new TimelineKeySchema(Bytes.wrap(begin(user, Kind.SENT, 0).array()));
    }

    static TimelineKeySchema conversation(UserId user, UserId with) {
        byte[] other = utf8(with);
        return new TimelineKeySchema(Bytes.wrap(begin(user, Kind.CONVERSATION, Short.BYTES + other.length)
                .putShort((short) other.length)
                .put(other)
                .array()));
    }

    /** Where the store keeps a place that can't be told from the message itself. */
    static Bytes displaced(UserId user, int partition, long offset) {
        return Bytes.wrap(begin(user, Kind.DISPLACED, Integer.BYTES + Long.BYTES)
                .putInt(partition)
                .putLong(offset)
                .array());
    }

    /** Where the store keeps the first of what is the same, though it was written again more than once. */
    static Bytes rewritten(UserId user, byte[] identity) {
        return Bytes.wrap(
                begin(user, Kind.REWRITTEN, identity.length).put(identity).array());
    }

    private static ByteBuffer begin(UserId user, Kind kind, int more) {
        byte[] id = utf8(user);
        return ByteBuffer.allocate(Short.BYTES + id.length + Byte.BYTES + more)
                .putShort((short) id.length)
                .put(id)
                .put(kind.code);
    }

    private static byte[] utf8(UserId user) {
        return user.value().getBytes(StandardCharsets.UTF_8);
    }

    public Bytes key(TimelinePosition timelinePosition) {
        ByteBuffer key =
                ByteBuffer.allocate(begin.get().length + TimelinePosition.BYTES).put(begin.get());
        timelinePosition.write(key);
        return Bytes.wrap(key.array());
    }
}
