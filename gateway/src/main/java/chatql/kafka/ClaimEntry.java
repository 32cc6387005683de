package chatql.kafka;

import chatql.user.UserId;
import chatql.user.Username;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the store of users keeps of a name.
 *
 * @param offset of the claim that won
 */
record ClaimEntry(long offset, UserId userId) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The name of a claim, as the topic has it; empty when no user can be called so. */
    static Optional<Username> name(byte @Nullable [] name) {
        return Optional.ofNullable(name)
                .map(utf8 -> new String(utf8, StandardCharsets.UTF_8))
                .filter(text -> Username.fault(text) == null)
                .map(Username::new);
    }

    static byte[] utf8(Username name) {
        return name.value().getBytes(StandardCharsets.UTF_8);
    }

    /** The value of a claim, as the topic has it. */
    static byte[] claim(UUID id, Optional<UserId> own) {
        ObjectNode claim = JSON.createObjectNode().put("claimId", id.toString());
        own.ifPresent(user -> claim.put("userId", user.value()));
        return JSON.writeValueAsBytes(claim);
    }

    /** For whom a claim is; empty for a new user, who has no id yet. */
    static Optional<UserId> own(byte @Nullable [] claim) {
        try {
            JsonNode id = claim == null ? null : JSON.readTree(claim).get("userId");
            return Optional.ofNullable(id)
                    .map(JsonNode::stringValue)
                    .filter(text -> UserId.fault(text) == null)
                    .map(UserId::new);
        } catch (JacksonException foreign) {
            return Optional.empty();
        }
    }

    /** Apart from the keys of marks, which begin with nought. */
    static Bytes key(Username name) {
        byte[] utf8 = utf8(name);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + utf8.length)
                .putShort((short) 1)
                .put(utf8)
                .array());
    }

    /** Where the name is listed among all names, without regard to case; apart from the keys of the names themselves. */
    static Bytes listed(Username name) {
        byte[] folded = folded(name.value());
        byte[] utf8 = utf8(name);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + folded.length + Byte.BYTES + utf8.length)
                .putShort((short) 2)
                .put(folded)
                .put((byte) 0)
                .put(utf8)
                .array());
    }

    /** Where the names that begin so are listed: from this key on. */
    static Bytes listedFrom(String prefix) {
        byte[] folded = folded(prefix);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + folded.length)
                .putShort((short) 2)
                .put(folded)
                .array());
    }

    /** And up to this one. */
    static Bytes listedTo(String prefix) {
        byte[] from = listedFrom(prefix).get();
        // No UTF-8 has this byte.
        return Bytes.wrap(ByteBuffer.allocate(from.length + Byte.BYTES)
                .put(from)
                .put((byte) 0xFF)
                .array());
    }

    private static byte[] folded(String name) {
        return name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
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
