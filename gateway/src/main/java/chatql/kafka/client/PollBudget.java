package chatql.kafka.client;

import chatql.kafka.record.RecordSize;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * How many unpacked bytes one poll may give. Kafka's own settings bound what is fetched, which is compressed, and how many
 * records a poll gives, whatever their size.
 *
 * <p>The consumer unpacks one record after another and deserializes each at once. A deserializer that fails ends the poll
 * with what it has so far, and the next poll deserializes the same record again: so the record after the last one that fits
 * waits for the next poll.
 */
public final class PollBudget {
    /** Of one poll, beyond which it gives no other record: some thousand messages of the usual size. */
    static final int BYTES = 1 << 20;

    /** Twice what a message may have, for what is derived from one is larger by its place and its keys. */
    static final int MAX_RECORD_SIZE = 2 * RecordSize.MAX_SIZE;

    /** It has no stack trace, for it is no failure. */
    private static final class Spent extends SerializationException {
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private final long bytes;
    private final long largestRecord;
    private long given;
    private @Nullable Headers current;
    private long currentBytes;

    /**
     * @param bytes after which a poll gives no other record
     * @param largestRecord of which the value is kept
     */
    PollBudget(long bytes, long largestRecord) {
        this.bytes = bytes;
        this.largestRecord = largestRecord;
    }

    /** For topics that other services write to: what is larger than {@link #MAX_RECORD_SIZE} is no message. */
    public static PollBudget ofForeign() {
        return new PollBudget(BYTES, MAX_RECORD_SIZE);
    }

    /** For topics of which only the gateway's own records are read, all of which are needed. */
    public static PollBudget ofOwn() {
        return new PollBudget(BYTES, Long.MAX_VALUE);
    }

    /** A poll begins. */
    void begin() {
        given = 0;
        current = null;
    }

    /** Reads a key or a value if there is room for it; null for one that is too large. */
    <T> Deserializer<T> keys(Deserializer<T> deserializer) {
        return new Counting<>(deserializer, null);
    }

    Deserializer<byte[]> values(Deserializer<byte[]> deserializer) {
        return new Counting<>(deserializer, RecordSize.OVERSIZED);
    }

    @SuppressWarnings(
            "ReferenceEquality") // a record's key and value come with the very same headers, another's with its own
    private boolean takes(Headers headers, int more) {
        if (headers != current) {
            if (given >= bytes) {
                throw new Spent();
            }
            current = headers;
            currentBytes = RecordSize.of(headers);
            given += currentBytes;
        }
        currentBytes += more;
        given += more;
        return currentBytes <= largestRecord;
    }

    /** Whether not even the record's headers may be kept. What has neither key nor value was not deserialized. */
    @SuppressWarnings("ReferenceEquality") // another empty value is just that
    boolean isOversized(ConsumerRecord<?, byte[]> record) {
        return record.value() == RecordSize.OVERSIZED
                || (record.key() == null && record.value() == null && size(record) > largestRecord);
    }

    private static long size(ConsumerRecord<?, ?> record) {
        return Math.max(0, record.serializedKeySize()) + RecordSize.of(record.headers());
    }

    private final class Counting<T> implements Deserializer<T> {
        private final Deserializer<T> deserializer;
        private final @Nullable T otherwise;

        Counting(Deserializer<T> deserializer, @Nullable T otherwise) {
            this.deserializer = deserializer;
            this.otherwise = otherwise;
        }

        @Override
        public @Nullable T deserialize(String topic, byte[] data) {
            return deserializer.deserialize(topic, data);
        }

        @Override
        public @Nullable T deserialize(String topic, Headers headers, ByteBuffer data) {
            return takes(headers, data.remaining()) ? deserializer.deserialize(topic, headers, data) : otherwise;
        }
    }
}
