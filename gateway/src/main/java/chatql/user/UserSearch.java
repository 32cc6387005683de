package chatql.user;

import org.jspecify.annotations.Nullable;

/**
 * A search for users, in the order of their usernames.
 *
 * @param size the maximum number of users: 1 to {@value #MAX_COUNT}
 * @param after only usernames after this one; null for no such bound
 * @param prefix the prefix of the usernames, regardless of case; empty for all
 */
public record UserSearch(int size, @Nullable Username after, String prefix) {
    public static final int MAX_COUNT = 1_000;

    public UserSearch {
        if (size < 1 || size > MAX_COUNT) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_COUNT + " users");
        }
    }
}
