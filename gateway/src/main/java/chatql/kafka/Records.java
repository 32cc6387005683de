package chatql.kafka;

import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.UserId;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The value of a record in the topic of messages: JSON, of which unknown fields are ignored. */
final class Records {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.threadLocalPool())
                    .build())
            .build();

    private Records() {}

    static byte[] encode(Draft draft) {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("senderId", draft.sender().value())
                .put("recipientId", draft.recipient().value())
                .put("content", draft.content()));
    }

    /**
     * Reads what {@link #encode} or another service wrote.
     *
     * @throws Unreadable with the reason, where it isn't a message
     */
    static Message decode(byte @Nullable [] value, Cursor cursor) {
        JsonNode json = parse(value);
        return new Message(
                cursor,
                userId(text(json, "senderId"), "senderId"),
                userId(text(json, "recipientId"), "recipientId"),
                text(json, "content"));
    }

    static boolean isMessage(byte @Nullable [] value) {
        try {
            decode(value, new Cursor(0, 0, 0, 0));
            return true;
        } catch (Unreadable foreign) {
            return false;
        }
    }

    private static JsonNode parse(byte @Nullable [] value) {
        if (value == null) {
            throw new Unreadable(Fault.VALUE, "no value");
        }
        try {
            JsonNode json = JSON.readTree(value);
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException notJson) {
            throw new Unreadable(Fault.JSON, "not JSON");
        }
        throw new Unreadable(Fault.JSON, "not a JSON object");
    }

    private static String text(JsonNode json, String name) {
        JsonNode field = json.get(name);
        if (field == null || !field.isString()) {
            throw new Unreadable(Fault.FIELD, name + (field == null ? " is missing" : " is not a string"));
        }
        return field.stringValue();
    }

    private static UserId userId(String text, String name) {
        String fault = UserId.fault(text);
        if (fault != null) {
            throw new Unreadable(Fault.FIELD, name + " " + fault);
        }
        return new UserId(text);
    }

    /** A record isn't a message; the reason is for who wrote it, and holds nothing of its value. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final Fault fault;

        Unreadable(Fault fault, String reason) {
            super(reason, null, false, false);
            this.fault = fault;
        }

        Fault fault() {
            return fault;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
