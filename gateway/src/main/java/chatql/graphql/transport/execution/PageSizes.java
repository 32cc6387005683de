package chatql.graphql.transport.execution;

import java.util.Map;

/**
 * Which fields of a query's top answer with a page, whose size the arguments {@code first} and {@code last} choose.
 *
 * @param usual how many entries each has without those, by the field's name
 * @param most how many may be asked for: more is refused by the field itself
 */
public record PageSizes(Map<String, Integer> usual, int most) {
    /** No field answers with a page. */
    public static final PageSizes NONE = new PageSizes(Map.of(), 1);

    public PageSizes {
        usual = Map.copyOf(usual);
    }
}
