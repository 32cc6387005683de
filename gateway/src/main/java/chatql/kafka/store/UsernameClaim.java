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
 * The value of a username in the store of users.
 *
 * @param offset of the claim that won
 * @param shown the username as it was written
 */
public record UsernameClaim(long offset, UserId userId, Username shown) {
    private static final JsonMapper JSON =
            UntrustedJson.mapper(UntrustedJson.MAX_NAME_LENGTH).build();

    /** The username in a claim's record key; empty if it is not a valid username. */
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
     * The record key of a claim: the skeleton, which all usernames share of which only one may exist. Older claims have
     * the username itself as their key. The same rule holds for both: the first claim of a key wins.
     */
    public static Username claimed(Username name) {
        return new Username(UsernameProfile.skeleton(name.value()));
    }

    /** The record value of a claim. */
    public static byte[] claim(UUID id, Username shown, Optional<UserId> own) {
        ObjectNode claim = JSON.createObjectNode().put("claimId", id.toString()).put("username", shown.value());
        own.ifPresent(user -> claim.put("userId", user.value()));
        return JSON.writeValueAsBytes(claim);
    }

    /** The user who claims; empty for a new user, who has no id yet. */
    public static Optional<UserId> own(byte @Nullable [] claim) {
        return text(claim, "userId")
                .filter(text -> UserId.violation(text) == null)
                .map(UserId::new);
    }

    /** The username as it was written; empty for an older claim, whose key it is. */
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
        } catch (JacksonException | CharacterCodingException invalid) {
            return Optional.empty();
        }
    }

    /** The key of a claim, prefixed with 1. Keys of checkpoints begin with 0. */
    public static Bytes key(Username name) {
        byte[] utf8 = utf8(name);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + utf8.length)
                .putShort((short) 1)
                .put(utf8)
                .array());
    }

    /** The key of a claim in the list of usernames, ordered regardless of case; prefixed with 2. */
    public static Bytes listed(Username shown, Username claimed) {
        return Bytes.wrap(joined(listed(shown).get(), utf8(claimed)));
    }

    /** The start of the range of usernames after this one in that list. */
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

    /** The start of the range of usernames with this prefix in that list. */
    public static Bytes listedFrom(String prefix) {
        byte[] folded = folded(prefix);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + folded.length)
                .putShort((short) 2)
                .put(folded)
                .array());
    }

    /** The end of that range. */
    public static Bytes listedTo(String prefix) {
        byte[] from = listedFrom(prefix).get();
        // UTF-8 never has this byte.
        return Bytes.wrap(ByteBuffer.allocate(from.length + Byte.BYTES)
                .put(from)
                .put((byte) 0xFF)
                .array());
    }

    /** The key of a claim in the list by skeleton, prefixed with 3. */
    public static Bytes alike(Username shown, Username claimed) {
        return Bytes.wrap(joined(alikeFrom(shown).get(), utf8(claimed)));
    }

    /** The start of the range of usernames that look like this one in that list. */
    public static Bytes alikeFrom(Username name) {
        byte[] skeleton = UsernameProfile.skeleton(name.value()).getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Short.BYTES + skeleton.length)
                .putShort((short) 3)
                .put(skeleton)
                .array());
    }

    /** The end of that range. No skeleton has a control character, so the next key belongs to another skeleton. */
    public static Bytes alikeTo(Username name) {
        byte[] from = alikeFrom(name).get();
        return Bytes.wrap(ByteBuffer.allocate(from.length + Byte.BYTES)
                .put(from)
                .put((byte) 1)
                .array());
    }

    private static byte[] joined(byte[] key, byte[] next) {
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
