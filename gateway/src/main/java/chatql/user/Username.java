package chatql.user;

import org.jspecify.annotations.Nullable;

/** The name that a user goes by: 1 to {@value #MAX_LENGTH} characters, not blank. */
public record Username(String value) {
    public static final int MAX_LENGTH = 64;

    public Username {
        TextRules.require(value, MAX_LENGTH, "a username");
    }

    /** What is wrong with this text as a name; null when nothing is. */
    public static @Nullable String violation(@Nullable String text) {
        return TextRules.violation(text, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
