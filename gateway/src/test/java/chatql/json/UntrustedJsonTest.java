package chatql.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.ByteQuadsCanonicalizer;
import tools.jackson.core.sym.CharsToNameCanonicalizer;
import tools.jackson.databind.json.JsonMapper;

class UntrustedJsonTest {
    private static final int MANY = 2_000;

    private final JsonMapper mapper =
            UntrustedJson.mapper(UntrustedJson.MAX_NAME_LENGTH).build();

    @Test
    void distinctFieldNamesAreNotKept() throws Exception {
        JsonMapper caching = JsonMapper.builder().build();
        for (int i = 0; i < MANY; i++) {
            String text = "{\"" + i + "n".repeat(1_000) + "\":{\"" + i + "\":1}}";
            for (JsonMapper each : new JsonMapper[] {mapper, caching}) {
                each.readValue(text, Map.class);
                each.readTree(text.getBytes(StandardCharsets.UTF_8));
            }
        }

        assertThat(cachedNames(mapper)).isZero();
        assertThat(cachedNames(caching)).isGreaterThan(MANY);
    }

    /** The number of names in the tables that Jackson shares between the parsers of a factory. */
    private static int cachedNames(JsonMapper mapper) throws Exception {
        return ((CharsToNameCanonicalizer) table(mapper, "_rootCharSymbols")).size()
                + ((ByteQuadsCanonicalizer) table(mapper, "_byteSymbolCanonicalizer")).size();
    }

    private static Object table(JsonMapper mapper, String field) throws Exception {
        var table = JsonFactory.class.getDeclaredField(field);
        table.setAccessible(true);
        return table.get(mapper.tokenStreamFactory());
    }

    @Test
    void nameNestingAndNumberAreBounded() {
        JsonMapper shortNames = UntrustedJson.mapper(10).build();

        assertThat(shortNames.readTree("{\"" + "n".repeat(10) + "\":1}")).hasSize(1);
        assertTooMuch(shortNames, "{\"" + "n".repeat(11) + "\":1}");
        assertThat(mapper.readTree(nested(UntrustedJson.MAX_DEPTH))).hasSize(1);
        assertTooMuch(mapper, nested(UntrustedJson.MAX_DEPTH + 1));
        assertThat(mapper.readTree("9".repeat(UntrustedJson.MAX_NUMBER_LENGTH)).isNumber())
                .isTrue();
        assertTooMuch(mapper, "9".repeat(UntrustedJson.MAX_NUMBER_LENGTH + 1));
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "1" + "]".repeat(depth);
    }

    private static void assertTooMuch(JsonMapper mapper, String text) {
        assertThatThrownBy(() -> mapper.readTree(text)).isInstanceOf(StreamConstraintsException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "\u007f", "caf\u00e9", "\u20ac \ud83d\ude00"})
    void textIsDecodedAsUtf8(String text) throws Exception {
        assertThat(UntrustedJson.text(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    @Test
    void invalidUtf8IsRejected() {
        assertRejected(0xC0, 0xAF);
        assertRejected(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80);
        assertRejected('x', 0xE9);
    }

    private static void assertRejected(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        assertThatThrownBy(() -> UntrustedJson.text(bytes, StandardCharsets.UTF_8))
                .isInstanceOf(CharacterCodingException.class);
    }
}
