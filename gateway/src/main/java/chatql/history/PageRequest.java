package chatql.history;

import chatql.message.Cursor;
import chatql.user.UserId;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The page of a timeline that a client asks for, by the rules of Relay's connections: the first or the last messages
 * between two cursors.
 *
 * @param size the maximum number of messages: 1 to {@value #MAX_COUNT}
 * @param latest whether to take the last messages instead of the first
 * @param after only messages after it; null for no such bound
 * @param before only messages before it; null for no such bound
 * @param with only the conversation with this user; null for all conversations
 * @param atLeast the message that the timeline must have stored; null for none
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

    /** The latest messages of the whole timeline. */
    public static PageRequest latest(int size) {
        return new PageRequest(size, true, null, null, null, null);
    }

    /**
     * All cursors of the request. If the timeline does not yet have one of these messages, the page beside it would
     * lack others, too.
     */
    public Stream<Cursor> cursors() {
        return Stream.of(after, before, atLeast).filter(Objects::nonNull);
    }
}
