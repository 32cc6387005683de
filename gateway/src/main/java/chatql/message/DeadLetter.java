package chatql.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that is no message, as it came.
 *
 * @param id tells it from every other dead letter
 * @param partition of the log in which it stood; null when that isn't known
 * @param offset at which it stood there; null when that isn't known
 * @param at when it was set aside
 * @param replayed whether it was put back since
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and never changed
public record DeadLetter(
        String id,
        String reason,
        @Nullable Integer partition,
        @Nullable Long offset,
        Instant at,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers,
        boolean replayed) {
    /** One header that it came with. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Header(String name, byte @Nullable [] value) {}

    /** Without what it says, which is nobody's business in a log. */
    @Override
    public String toString() {
        return "dead letter " + id + ": " + reason;
    }
}
