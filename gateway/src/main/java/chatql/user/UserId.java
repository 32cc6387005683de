package chatql.user;

import org.jspecify.annotations.Nullable;

/** A user's id: 1 to {@value #MAX_LENGTH} characters, not blank. It is the record key of the user's messages in the log. */
public record UserId(String value) {
    public static final int MAX_LENGTH = 128;

    public UserId {
        TextRules.require(value, MAX_LENGTH, "a user's id");
    }

    /** The violation of a text that is no valid id; null for a valid one. */
    public static @Nullable String violation(@Nullable String text) {
        return TextRules.violation(text, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
