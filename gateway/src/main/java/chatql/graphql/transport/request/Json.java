package chatql.graphql.transport.request;

import chatql.json.UntrustedJson;
import graphql.GraphQLError;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as GraphQL's specifications want it, whatever the application's own mapper is set to. */
public final class Json {

    /** Of a text: the largest page has 4 MiB of content, and most of its characters are one byte each. */
    static final int MAX_SIZE = 8 << 20;

    /** Whoever looks at a request on its way must not see another one in it: a field stands once. */
    private final JsonMapper mapper = UntrustedJson.mapper(UntrustedJson.MAX_NAME_LENGTH)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Errors with {@link RequestRejected} where it would be larger than {@value #MAX_SIZE} bytes. */
    public byte[] write(Object value) {
        JsonText text = new JsonText(MAX_SIZE);
        try {
            mapper.writeValue(text, value);
        } catch (JacksonException failure) {
            throw text.isFull() ? tooLarge() : failure;
        }
        return text.bytes();
    }

    private static RequestRejected tooLarge() {
        return RequestRejected.badRequest("An answer has at most " + MAX_SIZE + " bytes: ask for fewer entries");
    }

    /** The value as a JSON text. */
    public String text(Object value) {
        return mapper.writeValueAsString(value);
    }

    byte[] errors(List<GraphQLError> errors) {
        return write(errors.stream().map(GraphQLError::toSpecification).toList());
    }

    /** The text's value: a map, a list, a string, a number, a boolean or null; a {@link RequestRejected} if it is not JSON. */
    @Nullable
    public Object read(byte[] text, Charset charset) {
        try {
            return mapper.readValue(UntrustedJson.text(text, charset), Object.class);
        } catch (JacksonException | CharacterCodingException notJson) {
            throw RequestRejected.badRequest("This is not JSON");
        }
    }

    /** The text's object, or a {@link RequestRejected} that calls it {@code name}. */
    public Map<String, Object> readObject(byte[] text, Charset charset, String name) {
        return object(read(text, charset), name);
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(@Nullable Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw RequestRejected.badRequest(name + " must be a JSON object");
    }
}
