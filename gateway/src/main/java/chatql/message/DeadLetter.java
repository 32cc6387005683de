package chatql.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An invalid record, unchanged.
 *
 * @param id unique among dead letters
 * @param partition the record's partition in the log; null if unknown
 * @param offset the record's offset in that partition; null if unknown
 * @param at when the record was dead-lettered
 * @param replayed whether the record was replayed since
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
    /** One header of the record. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Header(String name, byte @Nullable [] value) {}

    /** Omits the content, which must not be logged. */
    @Override
    public String toString() {
        return "dead letter " + id + ": " + reason;
    }
}
