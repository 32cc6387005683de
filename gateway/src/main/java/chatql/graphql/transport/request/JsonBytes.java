package chatql.graphql.transport.request;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the memory of a value that was parsed from JSON, which may be many times its text: for {@code [{},{},…]},
 * 25 times.
 */
final class JsonBytes {
    private static final int MAP = 64;
    private static final int ENTRY = 48;
    private static final int LIST = 40;
    private static final int ELEMENT = 8;
    private static final int STRING = 40;
    private static final int CHARACTER = 2;
    private static final int NUMBER = 24;

    private JsonBytes() {}

    static long of(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Boolean known -> 0;
            case String text -> STRING + CHARACTER * (long) text.length();
            case Map<?, ?> map -> of(map);
            case List<?> list -> of(list);
            case java.math.BigInteger large -> NUMBER + large.bitLength() / Byte.SIZE;
            case java.math.BigDecimal exact ->
                2 * NUMBER + exact.unscaledValue().bitLength() / Byte.SIZE;
            default -> NUMBER;
        };
    }

    private static long of(Map<?, ?> map) {
        long bytes = MAP;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            bytes += ENTRY + of(entry.getKey()) + of(entry.getValue());
        }
        return bytes;
    }

    private static long of(List<?> list) {
        long bytes = LIST;
        for (Object element : list) {
            bytes += ELEMENT + of(element);
        }
        return bytes;
    }
}
