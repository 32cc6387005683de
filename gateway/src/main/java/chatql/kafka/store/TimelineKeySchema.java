package chatql.kafka.store;

import chatql.user.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of one list of positions in the store of timelines. Every key has the list's prefix and ends with a
 * position. The prefix is the length of the user's id, the id, and the kind, so that a user's lists are adjacent.
 */
public record TimelineKeySchema(Bytes begin) {
    private enum Kind {
        /** Messages that the user received. */
        RECEIVED(0),
        /** Messages that the user sent to others. */
        SENT(1),
        /** Messages with one other user; the value says in which of the two lists above the entry is. */
        CONVERSATION(2),
        /** Positions of messages whose own timestamp differs from that of their position. */
        DISPLACED(3),
        /** The first copy of each rerouted record. */
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

    /** The key of a position that cannot be derived from the message itself. */
    static Bytes displaced(UserId user, int partition, long offset) {
        return Bytes.wrap(begin(user, Kind.DISPLACED, Integer.BYTES + Long.BYTES)
                .putInt(partition)
                .putLong(offset)
                .array());
    }

    /** The key of the first of several identical rerouted records. */
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
