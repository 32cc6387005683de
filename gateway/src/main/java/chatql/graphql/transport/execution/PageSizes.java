package chatql.graphql.transport.execution;

import java.util.Map;

/**
 * The top-level fields of a query that return a page, whose size the arguments {@code first} and {@code last} choose.
 *
 * @param usual the number of entries without these arguments, by the field's name
 * @param most the maximum number of entries: the field itself rejects a larger one
 */
public record PageSizes(Map<String, Integer> usual, int most) {
    /** No field returns a page. */
    public static final PageSizes NONE = new PageSizes(Map.of(), 1);

    public PageSizes {
        usual = Map.copyOf(usual);
    }
}
