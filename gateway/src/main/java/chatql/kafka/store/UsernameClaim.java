package chatql.kafka.store;

import chatql.json.UntrustedJson;
import chatql.kafka.record.Utf8;
import chatql.user.User;
import chatql.user.UserId;
import chatql.user.Username;
import chatql.user.UsernameProfile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
 * @param shown the name as it was written
 */
public record UsernameClaim(long offset, UserId userId, Username shown) {
    private static final JsonMapper JSON =
            UntrustedJson.mapper(UntrustedJson.MAX_NAME_LENGTH).build();

    /** The name of a claim, as the topic has it; empty when no user can be called so. */
    public static Optional<Username> name(byte @Nullable [] name) {
        return Optional.ofNullable(name)
                .map(utf8 -> new String(utf8, StandardCharsets.UTF_8))
                .filter(text -> Username.violation(text) == null)
                .map(Username::new);
    }

    public static byte[] utf8(Username name) {
        return name.value().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The key of a claim, as the topic has it: what all names have in common of which only one may be. Claims of before
     * have the name itself, and the rule is the same for both: the first claim of a key wins.
     */
    public static Username claimed(Username name) {
        return new Username(UsernameProfile.skeleton(name.value()));
    }

    /** The value of a claim, as the topic has it. */
    public static byte[] claim(UUID id, Username shown, Optional<UserId> own) {
        ObjectNode claim = JSON.createObjectNode().put("claimId", id.toString()).put("username", shown.value());
        own.ifPresent(user -> claim.put("userId", user.value()));
        return JSON.writeValueAsBytes(claim);
    }

    /** For whom a claim is; empty for a new user, who has no id yet. */
    public static Optional<UserId> own(byte @Nullable [] claim) {
        return text(claim, "userId")
                .filter(text -> UserId.violation(text) == null)
                .map(UserId::new);
    }

    /** The name as it was written; empty for a claim of before, whose key is that. */
    public static Optional<Username> shown(byte @Nullable [] claim) {
        return text(claim, "username")
                .filter(text -> Username.violation(text) == null)
                .map(Username::new);
    }

    private static Optional<String> text(byte @Nullable [] claim, String field) {
        try {
            JsonNode value =
                    claim == null ? null : JSON.readTree(Utf8.json(claim)).get(field);
            return Optional.ofNullable(value).map(JsonNode::stringValue);
        } catch (JacksonException | CharacterCodingException foreign) {
            return Optional.empty();
        }
    }

    /** Apart from the keys of marks, which begin with nought. */
    public static Bytes key(Username name) {
        byte[] utf8 = utf8(name);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + utf8.length)
                .putShort((short) 1)
                .put(utf8)
                .array());
    }

    /** Where a claim is listed among all names, without regard to case; apart from the keys of the names themselves. */
    public static Bytes listed(Username shown, Username claimed) {
        return Bytes.wrap(followed(listed(shown).get(), utf8(claimed)));
    }

    /** Where the names behind this one are listed: from this key on. */
    public static Bytes listed(Username name) {
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
    public static Bytes listedFrom(String prefix) {
        byte[] folded = folded(prefix);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + folded.length)
                .putShort((short) 2)
                .put(folded)
                .array());
    }

    /** And up to this one. */
    public static Bytes listedTo(String prefix) {
        byte[] from = listedFrom(prefix).get();
        // No UTF-8 has this byte.
        return Bytes.wrap(ByteBuffer.allocate(from.length + Byte.BYTES)
                .put(from)
                .put((byte) 0xFF)
                .array());
    }

    /** Where a claim is found by what its name has in common with others; apart from all keys above. */
    public static Bytes alike(Username shown, Username claimed) {
        return Bytes.wrap(followed(alikeFrom(shown).get(), utf8(claimed)));
    }

    /** Where the claims of names that are like this one are found: from this key on. */
    public static Bytes alikeFrom(Username name) {
        byte[] skeleton = UsernameProfile.skeleton(name.value()).getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + skeleton.length)
                .putShort((short) 3)
                .put(skeleton)
                .array());
    }

    /** And up to this one. No skeleton has a control character, so what follows is another's. */
    public static Bytes alikeTo(Username name) {
        byte[] from = alikeFrom(name).get();
        return Bytes.wrap(ByteBuffer.allocate(from.length + Byte.BYTES)
                .put(from)
                .put((byte) 1)
                .array());
    }

    private static byte[] followed(byte[] key, byte[] next) {
        return ByteBuffer.allocate(key.length + Byte.BYTES + next.length)
                .put(key)
                .put((byte) 0)
                .put(next)
                .array();
    }

    private static byte[] folded(String name) {
        return name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    public static UsernameClaim parse(byte[] entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry);
        long offset = bytes.getLong();
        ByteBuffer id = bytes.slice(bytes.position() + Short.BYTES, bytes.getShort());
        ByteBuffer shown = bytes.position(bytes.position() + id.remaining());
        return new UsernameClaim(offset, new UserId(text(id)), new Username(text(shown)));
    }

    private static String text(ByteBuffer utf8) {
        return StandardCharsets.UTF_8.decode(utf8).toString();
    }

    public User user() {
        return new User(shown, userId);
    }

    public byte[] bytes() {
        byte[] id = userId.value().getBytes(StandardCharsets.UTF_8);
        byte[] name = utf8(shown);
        return ByteBuffer.allocate(Long.BYTES + Short.BYTES + id.length + name.length)
                .putLong(offset)
                .putShort((short) id.length)
                .put(id)
                .put(name)
                .array();
    }
}
