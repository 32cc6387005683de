package chatql.graphql.transport.execution;

import graphql.language.Argument;
import graphql.language.Field;
import graphql.language.IntValue;
import graphql.language.NullValue;
import graphql.language.Value;
import graphql.language.VariableReference;
import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The number of page entries that an operation requests, which depends on its variables.
 *
 * @param pages how often each page's entries are requested
 * @param defaults the default values of the operation's variables
 */
record PageDemand(Map<Size, Long> pages, Map<String, Value<?>> defaults) {
    static final PageDemand NONE = new PageDemand(Map.of(), Map.of());

    /** Far above any limit, and small enough that sums of it fit into a long. */
    private static final long CAP = 1L << 40;

    /** The arguments that determine the size of a page. */
    record Size(
            int usual,
            int most,
            @Nullable Value<?> first,
            @Nullable Value<?> last) {
        static Size of(Field field, int usual, int most) {
            return new Size(usual, most, value(field, "first"), value(field, "last"));
        }

        private static @Nullable Value<?> value(Field field, String name) {
            return field.getArguments().stream()
                    .filter(argument -> argument.getName().equals(name))
                    .<Value<?>>map(Argument::getValue)
                    .findFirst()
                    .orElse(null);
        }
    }

    long entries(Map<String, Object> variables) {
        long sum = 0;
        for (Map.Entry<Size, Long> page : pages.entrySet()) {
            sum = Math.min(CAP, sum + page.getValue() * size(page.getKey(), variables));
        }
        return sum;
    }

    /** With both arguments, or with one that the field rejects, there is no page at all. */
    private long size(Size size, Map<String, Object> variables) {
        return Stream.of(number(size.first(), variables), number(size.last(), variables))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .map(requested -> requested > size.most() ? 1 : Math.max(1, requested))
                .max()
                .orElse(size.usual());
    }

    /** Empty where the argument has no value. */
    private OptionalLong number(@Nullable Value<?> value, Map<String, Object> variables) {
        return switch (value) {
            case null -> OptionalLong.empty();
            case NullValue none -> OptionalLong.empty();
            case IntValue literal -> number(literal.getValue());
            case VariableReference variable
            when variables.containsKey(variable.getName()) -> number(variables.get(variable.getName()));
            case VariableReference variable
            when defaults.get(variable.getName()) instanceof IntValue byDefault -> number(byDefault.getValue());
            case VariableReference absent -> OptionalLong.empty();
            default -> OptionalLong.of(0);
        };
    }

    /** A value that is not a number is rejected before anything is fetched. */
    private static OptionalLong number(@Nullable Object value) {
        return switch (value) {
            case null -> OptionalLong.empty();
            case BigInteger large -> OptionalLong.of(large.bitLength() < Long.SIZE ? large.longValue() : CAP);
            case Number number -> OptionalLong.of(number.longValue());
            default -> OptionalLong.of(0);
        };
    }

    static long plenty(long count) {
        return Math.min(CAP, count);
    }

    /** Whether the operation requests no page. */
    boolean isNone() {
        return Objects.equals(pages, Map.of());
    }
}
