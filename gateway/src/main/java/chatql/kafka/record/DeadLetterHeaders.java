package chatql.kafka.record;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * What is written on a dead letter.
 *
 * @param epoch which life of the topic of messages it comes from
 */
public record DeadLetterHeaders(String reason, long epoch, int partition, long offset) {
    static final String REASON = "chatql-reason";
    static final String LIFE = "chatql-epoch";
    static final String PARTITION = "chatql-partition";
    static final String OFFSET = "chatql-offset";

    public void write(Headers headers) {
        add(headers, REASON, reason);
        add(headers, LIFE, Long.toHexString(epoch));
        add(headers, PARTITION, Integer.toString(partition));
        add(headers, OFFSET, Long.toString(offset));
    }

    /** Empty for what {@link #write} didn't write. */
    public static Optional<DeadLetterHeaders> read(Headers headers) {
        String reason = MessageHeaders.text(headers, REASON);
        String place = MessageHeaders.text(headers, LIFE) + "/" + MessageHeaders.text(headers, PARTITION) + "/"
                + MessageHeaders.text(headers, OFFSET);
        return OriginalPosition.parse(place)
                .filter(from -> reason != null)
                .map(from ->
                        new DeadLetterHeaders(String.valueOf(reason), from.epoch(), from.partition(), from.offset()));
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
