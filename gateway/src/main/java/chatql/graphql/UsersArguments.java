package chatql.graphql;

import chatql.user.TextRules;
import chatql.user.UserSearch;
import chatql.user.Username;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The arguments of the query {@code users}, as the client sent them. */
record UsersArguments(
        @Nullable Integer first,
        @Nullable String after,
        @Nullable String prefix) {
    static final int USUAL = 100;

    /** In characters: the longest name in UTF-8, in Base64. */
    private static final int MAX_CURSOR_LENGTH = Username.MAX_LENGTH * 4;

    /** One sentence for each invalid argument. */
    List<String> faults() {
        String size = PageSizeArguments.violation(first, UserSearch.MAX_COUNT);
        String text = prefix == null || prefix.isEmpty() ? null : TextRules.violation(prefix, Username.MAX_LENGTH);
        return Stream.of(
                        size == null ? null : "first " + size,
                        after == null || name(after).isPresent() ? null : "after is not a cursor",
                        text == null ? null : "prefix " + text)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The search that valid arguments request. */
    UserSearch userSearch() {
        return new UserSearch(
                PageSizeArguments.chosen(first, USUAL),
                Optional.ofNullable(after).flatMap(UsersArguments::name).orElse(null),
                Objects.requireNonNullElse(prefix, ""));
    }

    /** The cursor of a name among the users; opaque to clients. */
    static String cursor(Username name) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(name.value().getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Username> name(String cursor) {
        if (cursor.length() > MAX_CURSOR_LENGTH) {
            return Optional.empty();
        }
        try {
            String name = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            return Username.violation(name) == null
                            && cursor(new Username(name)).equals(cursor)
                    ? Optional.of(new Username(name))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
