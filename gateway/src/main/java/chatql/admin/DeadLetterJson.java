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

/** The command's answers in JSON. Bytes that are no text in UTF-8 are in Base64, under a name that says so. */
final class DeadLetterJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private DeadLetterJson() {}

    /** What a list has of a letter: nothing of what it says. */
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

    /** Null for what is no text. */
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
                .put("error", "there is no such letter")
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
