package chatql.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.json.JsonMapper;

/**
 * Strict reading of JSON that clients and producers write. The transport or the record bounds the number of bytes. The
 * limits here equal Jackson's defaults. They are explicit, so that an update of Jackson does not change which stored
 * records are valid.
 */
public final class UntrustedJson {
    /** The maximum length of a field name, in characters. */
    public static final int MAX_NAME_LENGTH = 50_000;

    /** The maximum nesting depth of objects and arrays. */
    static final int MAX_DEPTH = 500;

    /** The maximum length of a number, in digits. The time to convert a number grows with the square of its length. */
    static final int MAX_NUMBER_LENGTH = 1_000;

    /** The maximum length of a string, in characters. */
    private static final int MAX_STRING_LENGTH = 100_000_000;

    private UntrustedJson() {}

    /**
     * Returns a mapper for texts that {@link #text} has decoded. Given bytes, Jackson would accept other encodings,
     * too.
     *
     * @param maxNameLength of a field name, in characters
     */
    public static JsonMapper.Builder mapper(int maxNameLength) {
        return JsonMapper.builder(JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.threadLocalPool())
                // Otherwise Jackson would keep field names, which clients choose, as long as the factory exists.
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNameLength(maxNameLength)
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxStringLength(MAX_STRING_LENGTH)
                        .build())
                .build());
    }

    /** Decodes the bytes strictly. Throws for invalid sequences, such as overlong forms in UTF-8. */
    public static String text(byte[] bytes, Charset charset) throws CharacterCodingException {
        return charset.equals(StandardCharsets.UTF_8) && isAscii(bytes)
                ? new String(bytes, StandardCharsets.ISO_8859_1)
                : charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /** Most texts are ASCII, which needs no decoder. */
    private static boolean isAscii(byte[] bytes) {
        int all = 0;
        for (byte one : bytes) {
            all |= one;
        }
        return all >= 0;
    }
}
