package chatql.kafka;

import chatql.user.UserId;
import chatql.user.Username;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What the store of users keeps of a name.
 *
 * @param offset of the claim that won
 */
record ClaimEntry(long offset, UserId userId) {
    /** The key of a name, as the topic has it; empty when no user can be called so. */
    static Optional<Bytes> key(byte @Nullable [] name) {
        return Optional.ofNullable(name)
                .map(utf8 -> new String(utf8, StandardCharsets.UTF_8))
                .filter(text -> Username.fault(text) == null)
                .map(text -> key(new Username(text)));
    }

    /** Apart from the keys of marks, which begin with nought. */
    static Bytes key(Username name) {
        byte[] utf8 = name.value().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + utf8.length)
                .putShort((short) 1)
                .put(utf8)
                .array());
    }

    static ClaimEntry parse(byte[] entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry);
        long offset = bytes.getLong();
        return new ClaimEntry(
                offset, new UserId(StandardCharsets.UTF_8.decode(bytes).toString()));
    }

    byte[] bytes() {
        byte[] id = userId.value().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(offset)
                .put(id)
                .array();
    }
}
