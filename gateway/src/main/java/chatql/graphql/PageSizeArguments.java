package chatql.graphql;

import org.jspecify.annotations.Nullable;

/** Checks the page size that a client requests. */
final class PageSizeArguments {
    private PageSizeArguments() {}

    /** What is wrong with a page size, as the end of a sentence; null when it is valid or absent. */
    static @Nullable String violation(@Nullable Integer size, int most) {
        return size == null || (size >= 1 && size <= most) ? null : "must be from 1 to " + most;
    }

    static int chosen(@Nullable Integer size, int otherwise) {
        return size == null ? otherwise : size;
    }
}
