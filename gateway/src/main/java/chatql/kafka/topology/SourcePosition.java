package chatql.kafka.topology;

import chatql.kafka.store.TimelinePosition;
import chatql.message.Cursor;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The position in the topic of messages from which a record of the topic of sent messages derives. It travels in a
 * header.
 *
 * @param reached the latest timestamp of the partition up to this record
 */
record SourcePosition(long epoch, long reached, long timestamp, int partition, long offset) {
    private static final String HEADER = "chatql-origin";

    TimelinePosition timelinePosition() {
        return new TimelinePosition(reached, partition, offset);
    }

    Cursor cursor() {
        return timelinePosition().cursor(epoch, timestamp);
    }

    void write(Headers headers) {
        byte[] value = "%d/%d/%d/%d/%d"
                .formatted(epoch, reached, timestamp, partition, offset)
                .getBytes(StandardCharsets.US_ASCII);
        headers.add(HEADER, value);
    }

    static @Nullable SourcePosition read(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        return header == null || header.value() == null
                ? null
                : parse(new String(header.value(), StandardCharsets.US_ASCII));
    }

    /** Null for a text that {@link #write} does not produce. */
    private static @Nullable SourcePosition parse(String text) {
        try {
            String[] parts = text.split("/");
            return parts.length == 5 ? parse(parts) : null;
        } catch (NumberFormatException invalid) {
            return null;
        }
    }

    private static SourcePosition parse(String[] parts) {
        return new SourcePosition(
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Integer.parseInt(parts[3]),
                Long.parseLong(parts[4]));
    }
}
