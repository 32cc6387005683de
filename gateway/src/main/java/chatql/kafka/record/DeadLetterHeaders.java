package chatql.kafka.record;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * The headers that the gateway adds to a dead letter.
 *
 * @param epoch of the topic of messages
 */
public record DeadLetterHeaders(String reason, long epoch, int partition, long offset) {
    static final String REASON = "chatql-reason";
    static final String EPOCH = "chatql-epoch";
    static final String PARTITION = "chatql-partition";
    static final String OFFSET = "chatql-offset";

    public void write(Headers headers) {
        add(headers, REASON, reason);
        add(headers, EPOCH, Long.toHexString(epoch));
        add(headers, PARTITION, Integer.toString(partition));
        add(headers, OFFSET, Long.toString(offset));
    }

    /** Reads the headers; empty if {@link #write} did not write them. */
    public static Optional<DeadLetterHeaders> read(Headers headers) {
        String reason = MessageHeaders.text(headers, REASON);
        String text = MessageHeaders.text(headers, EPOCH) + "/" + MessageHeaders.text(headers, PARTITION) + "/"
                + MessageHeaders.text(headers, OFFSET);
        return OriginalPosition.parse(text)
                .filter(position -> reason != null)
                .map(position -> new DeadLetterHeaders(
                        String.valueOf(reason), position.epoch(), position.partition(), position.offset()));
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
