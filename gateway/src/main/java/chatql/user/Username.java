package chatql.user;

import org.jspecify.annotations.Nullable;

/** The name that a user goes by: 1 to {@value #LONGEST} characters, not blank. */
public record Username(String value) {
    public static final int LONGEST = 64;

    public Username {
        TextRules.require(value, LONGEST, "a username");
    }

    /** What is wrong with this text as a name; null when nothing is. */
    public static @Nullable String fault(@Nullable String text) {
        return TextRules.fault(text, LONGEST);
    }

    @Override
    public String toString() {
        return value;
    }
}
