package chatql.graphql;

import chatql.history.PageRequest;
import chatql.message.Cursor;
import chatql.user.UserId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The arguments of the query {@code messages}, as the client sent them. */
record MessagesArguments(
        @Nullable String userId,
        @Nullable Integer first,
        @Nullable String after,
        @Nullable Integer last,
        @Nullable String before,
        @Nullable String with,
        @Nullable String atLeast) {
    /** The page size where the client gives none: the latest messages, at most this many. */
    static final int USUAL = 500;

    /** One sentence for each invalid argument. */
    List<String> faults() {
        return Stream.of(
                        sentence("userId", UserId.violation(userId)),
                        sentence("first", PageSizeArguments.violation(first, PageRequest.MAX_COUNT)),
                        sentence("last", PageSizeArguments.violation(last, PageRequest.MAX_COUNT)),
                        first != null && last != null ? "first and last exclude each other" : null,
                        cursorViolation("after", after),
                        cursorViolation("before", before),
                        sentence("with", with == null ? null : UserId.violation(with)),
                        cursorViolation("atLeast", atLeast))
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable String sentence(String argument, @Nullable String fault) {
        return fault == null ? null : argument + " " + fault;
    }

    private static @Nullable String cursorViolation(String argument, @Nullable String cursor) {
        return cursor == null || Cursor.parse(cursor).isPresent() ? null : argument + " is not a cursor";
    }

    UserId user() {
        return new UserId(Objects.requireNonNull(userId));
    }

    /** The page that valid arguments request: Relay's {@code first}, else {@code last}. */
    PageRequest pageRequest() {
        return new PageRequest(
                PageSizeArguments.chosen(first, PageSizeArguments.chosen(last, USUAL)),
                first == null,
                cursor(after),
                cursor(before),
                Optional.ofNullable(with).map(UserId::new).orElse(null),
                cursor(atLeast));
    }

    private static @Nullable Cursor cursor(@Nullable String text) {
        return Optional.ofNullable(text).flatMap(Cursor::parse).orElse(null);
    }
}
