package chatql.kafka.record;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** How large a record is, in bytes as it is without compression, and how large it may be. */
public final class RecordSize {
    /** What a header takes in memory beside its name and value. */
    static final int HEADER_BYTES = 100;

    /**
     * The largest key, value and headers together that are written again, in bytes as they are without compression, and for
     * each header {@value #HEADER_BYTES} more. With
     * what is added, a record of this size still fits into a topic of Kafka's default {@code max.message.bytes}.
     */
    public static final int MAX_SIZE = (1 << 20) - (8 << 10);

    /** In place of the value of a record that is larger than any that is kept. */
    public static final byte[] OVERSIZED = new byte[0];

    private RecordSize() {}

    /**
     * Refuses a record that is too large to be written again.
     *
     * @param keyAndValue how large these are together, in bytes
     * @throws MessageCodec.InvalidRecord when the record is too large
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

    /** In memory. */
    public static long of(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            byte @Nullable [] value = header.value();
            size += HEADER_BYTES + header.key().length() + (value == null ? 0 : value.length);
        }
        return size;
    }
}
