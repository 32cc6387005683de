package chatql.history;

import chatql.message.Cursor;
import chatql.user.UserId;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a timeline is asked for, by the rules of Relay's connections: of what stands between two cursors, the
 * first messages or the last.
 *
 * @param size how many messages at most: 1 to {@value #MAX_COUNT}
 * @param latest whether the last ones are meant, and not the first
 * @param after only what stands behind it; null for no such bound
 * @param before only what stands ahead of it; null for no such bound
 * @param with only the conversation with this user; null for everybody
 * @param atLeast the timeline must have come as far as this message; null where it need not
 */
public record PageRequest(
        int size,
        boolean latest,
        @Nullable Cursor after,
        @Nullable Cursor before,
        @Nullable UserId with,
        @Nullable Cursor atLeast) {
    public static final int MAX_COUNT = 1_000;

    public PageRequest {
        if (size < 1 || size > MAX_COUNT) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_COUNT + " messages");
        }
    }

    /** The latest of all. */
    public static PageRequest latest(int size) {
        return new PageRequest(size, true, null, null, null, null);
    }

    /** All that it names: a page beside a message that the timeline does not have yet would lack others, too. */
    public Stream<Cursor> cursors() {
        return Stream.of(after, before, atLeast).filter(Objects::nonNull);
    }
}
