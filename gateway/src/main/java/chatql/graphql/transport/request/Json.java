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

/** Reads and writes JSON as GraphQL's specifications require, independently of the application's own mapper. */
public final class Json {

    /** In bytes: the largest page has 4 MiB of content, most of whose characters take one byte each. */
    static final int MAX_SIZE = 8 << 20;

    /** Rejects duplicate keys: a proxy that inspects a request must not see another one than the gateway. */
    private final JsonMapper mapper = UntrustedJson.mapper(UntrustedJson.MAX_NAME_LENGTH)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Encodes a value. Throws {@link RequestRejected} where it is larger than {@value #MAX_SIZE} bytes. */
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
        return RequestRejected.badRequest("A response has at most " + MAX_SIZE + " bytes: request fewer entries");
    }

    /** Encodes a value as a JSON text. */
    public String text(Object value) {
        return mapper.writeValueAsString(value);
    }

    byte[] errors(List<GraphQLError> errors) {
        return write(errors.stream().map(GraphQLError::toSpecification).toList());
    }

    /**
     * Parses a text into a map, a list, a string, a number, a boolean or null; throws {@link RequestRejected} where it
     * is not JSON.
     */
    @Nullable
    public Object read(byte[] text, Charset charset) {
        try {
            return mapper.readValue(UntrustedJson.text(text, charset), Object.class);
        } catch (JacksonException | CharacterCodingException notJson) {
            throw RequestRejected.badRequest("This is not JSON");
        }
    }

    /** Parses a text into an object; throws {@link RequestRejected}, which calls the text {@code name}. */
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
