package chatql.graphql;

import org.jspecify.annotations.Nullable;

/** How many a client asks for. */
final class PageSizeArguments {
    private PageSizeArguments() {}

    /** What is wrong with it, as the end of a sentence; null when nothing is, or none is given. */
    static @Nullable String violation(@Nullable Integer size, int most) {
        return size == null || (size >= 1 && size <= most) ? null : "must be from 1 to " + most;
    }

    static int chosen(@Nullable Integer size, int otherwise) {
        return size == null ? otherwise : size;
    }
}
