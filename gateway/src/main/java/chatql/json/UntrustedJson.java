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
 * How JSON is read that others choose. The number of bytes is bounded by what carries them. The bounds here are Jackson's
 * defaults, and stand here so that an update of Jackson changes no verdict on a stored record.
 */
public final class UntrustedJson {
    /** Of a field, in characters. */
    public static final int MAX_NAME_LENGTH = 50_000;

    /** Objects and arrays within each other. */
    static final int DEEPEST = 500;

    /** In digits: the time to convert a number grows with their square. */
    static final int MAX_NUMBER_LENGTH = 1_000;

    /** In characters. */
    private static final int MAX_STRING_LENGTH = 100_000_000;

    private UntrustedJson() {}

    /**
     * A mapper for texts that {@link #text} has decoded: of bytes, Jackson takes other encodings, too.
     *
     * @param longestName of a field, in characters
     */
    public static JsonMapper.Builder mapper(int longestName) {
        return JsonMapper.builder(JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.threadLocalPool())
                // Jackson would keep names of fields, which others choose, as long as the factory lives.
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNameLength(longestName)
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxStringLength(MAX_STRING_LENGTH)
                        .build())
                .build());
    }

    /** Throws where a character has another spelling than the charset's own, of which UTF-8 has several. */
    public static String text(byte[] bytes, Charset charset) throws CharacterCodingException {
        return charset.equals(StandardCharsets.UTF_8) && isAscii(bytes)
                ? new String(bytes, StandardCharsets.ISO_8859_1)
                : charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    /** Most texts are, and need no decoder. */
    private static boolean isAscii(byte[] bytes) {
        int all = 0;
        for (byte one : bytes) {
            all |= one;
        }
        return all >= 0;
    }
}
