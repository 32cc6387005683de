package chatql.user;

import org.jspecify.annotations.Nullable;

/**
 * Which users are looked for, in the order of their names.
 *
 * @param size how many at most: 1 to {@value #MAX_COUNT}
 * @param after only names behind this one; null for no such bound
 * @param prefix what the names begin with, in whatever case; empty for all
 */
public record UserSearch(int size, @Nullable Username after, String prefix) {
    public static final int MAX_COUNT = 1_000;

    public UserSearch {
        if (size < 1 || size > MAX_COUNT) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_COUNT + " users");
        }
    }
}
