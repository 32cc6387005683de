package chatql.user;

import org.jspecify.annotations.Nullable;

/** A user's id: 1 to {@value #LONGEST} characters, not blank. It is the key of the user's messages in the log. */
public record UserId(String value) {
    public static final int LONGEST = 128;

    public UserId {
        TextRules.require(value, LONGEST, "a user's id");
    }

    /** What is wrong with this text as an id; null when nothing is. */
    public static @Nullable String fault(@Nullable String text) {
        return TextRules.fault(text, LONGEST);
    }

    @Override
    public String toString() {
        return value;
    }
}
