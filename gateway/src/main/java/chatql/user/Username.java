package chatql.user;

import org.jspecify.annotations.Nullable;

/** A username: 1 to {@value #MAX_LENGTH} characters, not blank. */
public record Username(String value) {
    public static final int MAX_LENGTH = 64;

    public Username {
        TextRules.require(value, MAX_LENGTH, "a username");
    }

    /** The violation of a text that is no valid username; null for a valid one. */
    public static @Nullable String violation(@Nullable String text) {
        return TextRules.violation(text, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
