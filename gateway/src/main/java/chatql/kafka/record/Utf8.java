package chatql.kafka.record;

import chatql.json.UntrustedJson;
import chatql.user.TextRules;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strict UTF-8. JSON parsers accept other encodings, too, and unpaired surrogates. */
public final class Utf8 {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private Utf8() {}

    /** Decodes the JSON of a record, which may start with a byte order mark. Throws for other encodings. */
    public static String json(byte[] bytes) throws CharacterCodingException {
        String text = UntrustedJson.text(bytes, StandardCharsets.UTF_8);
        return text.length() > 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** Replaces each unpaired surrogate by a replacement character. */
    static String withoutHalves(String text) {
        return TextRules.isUnicode(text)
                ? text
                : text.codePoints()
                        .map(codePoint -> Character.getType(codePoint) == Character.SURROGATE ? 0xFFFD : codePoint)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }
}
