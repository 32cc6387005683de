package chatql.kafka.record;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The position in the topic of messages from which a record was rerouted. It is a header of the new record.
 *
 * @param epoch of the topic at that position
 */
public record OriginalPosition(long epoch, int partition, long offset) {
    static final String HEADER = "chatql-original-position";

    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,16})/([0-9]{1,9})/([0-9]{1,18})");

    public void write(Headers headers) {
        headers.add(HEADER, text().getBytes(StandardCharsets.US_ASCII));
    }

    private String text() {
        return Long.toHexString(epoch) + "/" + partition + "/" + offset;
    }

    /** Whether the record has the header, valid or not. */
    public static boolean isIn(Headers headers) {
        return headers.lastHeader(HEADER) != null;
    }

    /** Reads the header; empty if {@link #write} did not write it. */
    public static Optional<OriginalPosition> read(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        return header == null || header.value() == null
                ? Optional.empty()
                : parse(new String(header.value(), StandardCharsets.US_ASCII));
    }

    static Optional<OriginalPosition> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new OriginalPosition(
                        Long.parseUnsignedLong(parts.group(1), 16),
                        Integer.parseInt(parts.group(2)),
                        Long.parseLong(parts.group(3))))
                : Optional.empty();
    }
}
