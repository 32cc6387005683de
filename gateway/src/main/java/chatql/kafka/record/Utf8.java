package chatql.kafka.record;

import chatql.json.UntrustedJson;
import chatql.user.TextRules;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 to the letter: parsers of JSON take other encodings, too, and let half a surrogate pair pass. */
public final class Utf8 {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private Utf8() {}

    /** The JSON of a record, in which a mark of UTF-8 may stand first. Throws where it is another encoding. */
    public static String json(byte[] bytes) throws CharacterCodingException {
        String text = UntrustedJson.text(bytes, StandardCharsets.UTF_8);
        return text.length() > 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** The same text, with a replacement character for each half of a surrogate pair. */
    static String withoutHalves(String text) {
        return TextRules.isUnicode(text)
                ? text
                : text.codePoints()
                        .map(one -> Character.getType(one) == Character.SURROGATE ? 0xFFFD : one)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }
}
