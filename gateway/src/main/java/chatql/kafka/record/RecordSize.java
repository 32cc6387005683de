package chatql.kafka.record;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The uncompressed size of a record in bytes, and its limit. */
public final class RecordSize {
    /** The memory that a header takes in addition to its name and value, in bytes. */
    static final int HEADER_BYTES = 100;

    /**
     * The maximum size of a record that can be rerouted: its key, value and headers without compression, plus
     * {@value #HEADER_BYTES} bytes for each header. With the headers that rerouting adds, such a record still fits into
     * a topic with Kafka's default {@code max.message.bytes}.
     */
    public static final int MAX_SIZE = (1 << 20) - (8 << 10);

    /** Replaces the value of a record that is too large to be kept. */
    public static final byte[] OVERSIZED = new byte[0];

    private RecordSize() {}

    /**
     * Checks that a record is small enough to be rerouted.
     *
     * @param keyAndValue the size of both, in bytes
     * @throws MessageCodec.InvalidRecord if the record is too large
     */
    public static void require(long keyAndValue, Headers headers) {
        if (keyAndValue + of(headers) > MAX_SIZE) {
            throw tooLarge();
        }
    }

    static MessageCodec.InvalidRecord tooLarge() {
        return new MessageCodec.InvalidRecord(InvalidRecordReason.SIZE, "larger than " + MAX_SIZE + " bytes");
    }

    public static long of(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** The size of the headers in memory, in bytes. */
    public static long of(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            byte @Nullable [] value = header.value();
            size += HEADER_BYTES + header.key().length() + (value == null ? 0 : value.length);
        }
        return size;
    }
}
