package chatql.user;

import org.jspecify.annotations.Nullable;

/** Rules for ids and usernames, which are keys in the log: visible text of bounded length that UTF-8 can encode. */
public final class TextRules {
    private TextRules() {}

    /** The violation, as the end of a sentence that begins with the argument's name; null for a valid text. */
    public static @Nullable String violation(@Nullable String text, int maxLength) {
        if (text == null || text.isBlank()) {
            return "must not be blank";
        }
        if (text.length() > maxLength) {
            return "must not be longer than " + maxLength + " characters";
        }
        return isUnicode(text) ? null : "must be valid Unicode";
    }

    /** Whether the text has no unpaired surrogate, which UTF-8 encoders replace by a question mark. */
    public static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(codePoint -> Character.getType(codePoint) == Character.SURROGATE);
    }

    static void require(@Nullable String text, int maxLength, String name) {
        String violation = violation(text, maxLength);
        if (violation != null) {
            throw new IllegalArgumentException(name + " " + violation);
        }
    }
}
