package chatql.admin;

import chatql.message.DeadLetter;
import chatql.message.DeadLetters.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Encodes the command's output as JSON. Bytes that are not UTF-8 text are encoded in Base64, in a field whose name ends
 * in {@code Base64}.
 */
final class DeadLetterJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private DeadLetterJson() {}

    /** A letter's entry in a list: its metadata, not its content. */
    static String line(DeadLetter letter) {
        return summary(letter).toString();
    }

    static String whole(DeadLetter letter) {
        ObjectNode json = summary(letter);
        put(json, "key", letter.key());
        put(json, "value", letter.value());
        ArrayNode headers = json.putArray("headers");
        letter.headers()
                .forEach(header -> put(headers.addObject().put("name", header.name()), "value", header.value()));
        return json.toString();
    }

    private static ObjectNode summary(DeadLetter letter) {
        return JSON.createObjectNode()
                .put("id", letter.id())
                .put("reason", letter.reason())
                .put("partition", letter.partition())
                .put("offset", letter.offset())
                .put("at", letter.at().toString())
                .put("bytes", letter.value() == null ? 0 : letter.value().length)
                .put("replayed", letter.replayed());
    }

    private static void put(ObjectNode json, String name, byte @Nullable [] bytes) {
        String text = bytes == null ? null : text(bytes);
        if (bytes != null && text == null) {
            json.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
        } else {
            json.put(name, text);
        }
    }

    /** Null where the bytes are not UTF-8 text. */
    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }

    static String unknown(String id) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("error", "no dead letter has this id")
                .toString();
    }

    static String outcome(String id, Outcome outcome) {
        ObjectNode json = JSON.createObjectNode().put("id", id);
        return switch (outcome) {
            case Outcome.Replayed(var partition, var offset) ->
                json.put("replayed", true)
                        .put("partition", partition)
                        .put("offset", offset)
                        .toString();
            case Outcome.AlreadyReplayed() ->
                json.put("replayed", true).put("before", true).toString();
            case Outcome.Refused(var reason) ->
                json.put("replayed", false).put("error", reason).toString();
        };
    }
}
