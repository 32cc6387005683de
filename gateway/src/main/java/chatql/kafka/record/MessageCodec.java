package chatql.kafka.record;

import chatql.json.UntrustedJson;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.TextRules;
import chatql.user.UserId;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** The codec of message records, whose value is JSON. Unknown fields are ignored. */
public final class MessageCodec {
    /**
     * The maximum length of a field name, in characters. It far exceeds real names, and is part of the contract with
     * producers.
     */
    private static final int MAX_NAME_LENGTH = 1_024;

    private static final String SENDER = "senderId";
    private static final String RECIPIENT = "recipientId";
    private static final String CONTENT = "content";
    private static final Set<String> FIELDS = Set.of(SENDER, RECIPIENT, CONTENT);
    private static final String NOT_JSON = "not JSON";

    private static final JsonMapper JSON = UntrustedJson.mapper(MAX_NAME_LENGTH).build();

    private MessageCodec() {}

    public static byte[] encode(Draft draft) {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put(SENDER, draft.sender().value())
                .put(RECIPIENT, draft.recipient().value())
                .put(CONTENT, draft.content()));
    }

    /**
     * Decodes a value that {@link #encode} or another service wrote.
     *
     * @throws InvalidRecord with the reason, if the value is no valid message
     */
    @SuppressWarnings("ReferenceEquality") // only this instance marks an oversized record
    public static Message decode(byte @Nullable [] value, Cursor cursor) {
        if (value == RecordSize.OVERSIZED) {
            throw RecordSize.tooLarge();
        }
        if (value == null) {
            throw new InvalidRecord(InvalidRecordReason.VALUE, "no value");
        }
        Message message = message(fields(value), cursor);
        if (!TextRules.isUnicode(message.content())) {
            throw new InvalidRecord(InvalidRecordReason.FIELD, CONTENT + " must be valid Unicode");
        }
        return message;
    }

    /** Decodes a value of a store. Earlier releases stored values that are no longer valid. */
    public static Message stored(byte[] value, Cursor cursor) {
        Message message = message(storedFields(value), cursor);
        String content = Utf8.withoutHalves(message.content());
        return new Message(cursor, message.sender(), message.recipient(), content);
    }

    private static Message message(Map<String, Field> fields, Cursor cursor) {
        return new Message(
                cursor,
                userId(text(fields, SENDER), SENDER),
                userId(text(fields, RECIPIENT), RECIPIENT),
                text(fields, CONTENT));
    }

    static boolean isMessage(byte @Nullable [] value) {
        try {
            decode(value, new Cursor(0, 0, 0, 0));
            return true;
        } catch (InvalidRecord invalid) {
            return false;
        }
    }

    /** @param text null if the value is not a string */
    private record Field(@Nullable String text) {}

    /** Reads only the fields of a message. Others are skipped and not kept in memory, because there may be many. */
    private static Map<String, Field> fields(byte[] value) {
        try (JsonParser json = JSON.createParser(Utf8.json(value))) {
            return fields(json);
        } catch (JacksonException | CharacterCodingException notJson) {
            throw new InvalidRecord(InvalidRecordReason.JSON, NOT_JSON);
        }
    }

    /** Parses bytes, so that Jackson detects the encoding, which need not be UTF-8. */
    private static Map<String, Field> storedFields(byte[] value) {
        try (JsonParser json = JSON.createParser(value)) {
            return fields(json);
        } catch (JacksonException notJson) {
            throw new InvalidRecord(InvalidRecordReason.JSON, NOT_JSON);
        }
    }

    private static Map<String, Field> fields(JsonParser json) {
        Map<String, Field> fields = new HashMap<>(FIELDS.size() * 2);
        boolean isObject = json.nextToken() == JsonToken.START_OBJECT;
        while (isObject && json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            boolean isText = json.nextToken() == JsonToken.VALUE_STRING;
            if (FIELDS.contains(name)) {
                fields.put(name, new Field(isText ? json.getString() : null));
            }
            json.skipChildren();
        }
        json.skipChildren();
        if (json.hasCurrentToken() && json.nextToken() != null) {
            throw new InvalidRecord(InvalidRecordReason.JSON, NOT_JSON);
        }
        if (!isObject) {
            throw new InvalidRecord(InvalidRecordReason.JSON, "not a JSON object");
        }
        return fields;
    }

    private static String text(Map<String, Field> fields, String name) {
        Field field = fields.get(name);
        if (field == null || field.text() == null) {
            throw new InvalidRecord(
                    InvalidRecordReason.FIELD, name + (field == null ? " is missing" : " is not a string"));
        }
        return field.text();
    }

    private static UserId userId(String text, String name) {
        String violation = UserId.violation(text);
        if (violation != null) {
            throw new InvalidRecord(InvalidRecordReason.FIELD, name + " " + violation);
        }
        return new UserId(text);
    }

    /** Signals that a record is no valid message. The reason is for its producer, and has nothing of the value. */
    public static final class InvalidRecord extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final InvalidRecordReason invalidRecordReason;

        public InvalidRecord(InvalidRecordReason invalidRecordReason, String reason) {
            super(reason, null, false, false);
            this.invalidRecordReason = invalidRecordReason;
        }

        public InvalidRecordReason category() {
            return invalidRecordReason;
        }

        public String reason() {
            return String.valueOf(getMessage());
        }
    }
}
