package chatql.user;

import org.jspecify.annotations.Nullable;

/** What makes a short text, an id or a name, fit to be a key in the log: something visible, of bounded length, that UTF-8 can carry. */
public final class TextRules {
    private TextRules() {}

    /** What is wrong with this text, as the end of a sentence that begins with the argument's name; null when nothing is. */
    public static @Nullable String violation(@Nullable String text, int longest) {
        if (text == null || text.isBlank()) {
            return "must not be blank";
        }
        if (text.length() > longest) {
            return "must not be longer than " + longest + " characters";
        }
        return isUnicode(text) ? null : "must be valid Unicode";
    }

    /** Whether the text has no half of a surrogate pair, which UTF-8 would turn into a question mark. */
    public static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    static void require(@Nullable String text, int longest, String name) {
        String fault = violation(text, longest);
        if (fault != null) {
            throw new IllegalArgumentException(name + " " + fault);
        }
    }
}
