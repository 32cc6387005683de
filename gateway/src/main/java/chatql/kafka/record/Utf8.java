package chatql.kafka.record;

import chatql.user.Term;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 to the letter: parsers of JSON take other encodings, too, and let half a surrogate pair pass. */
final class Utf8 {
    /** So many bytes tell UTF-16 and UTF-32 from UTF-8: in those, one of them is nought. */
    private static final int TELLING = 4;

    private Utf8() {}

    /** Whether this can be JSON in UTF-8. */
    static boolean isJsonText(byte[] bytes) {
        for (int i = 0; i < Math.min(TELLING, bytes.length); i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        return isAscii(bytes) || isDecoded(bytes);
    }

    private static boolean isAscii(byte[] bytes) {
        int all = 0;
        for (byte one : bytes) {
            all |= one;
        }
        return all >= 0;
    }

    private static boolean isDecoded(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException other) {
            return false;
        }
    }

    /** The same text, with a replacement character for each half of a surrogate pair. */
    static String withoutHalves(String text) {
        return Term.isUnicode(text)
                ? text
                : text.codePoints()
                        .map(one -> Character.getType(one) == Character.SURROGATE ? 0xFFFD : one)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }
}
