package chatql.kafka.client;

import chatql.kafka.record.RecordSize;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The limit of uncompressed bytes per poll. Kafka's own settings limit the compressed size of a fetch, and the number
 * of records per poll regardless of their size.
 *
 * <p>The consumer decompresses and deserializes one record after another. A deserializer that throws ends the poll with
 * the records so far, and the next poll deserializes the same record again. Therefore the first record after the budget
 * is used up waits for the next poll.
 */
public final class PollBudget {
    /** The budget of one poll: some thousand messages of the usual size. The record that exceeds it is still returned. */
    static final int BYTES = 1 << 20;

    /** Twice the maximum size of a message, because a derived record adds its position and its keys. */
    static final int MAX_RECORD_SIZE = 2 * RecordSize.MAX_SIZE;

    /** Without a stack trace, because it is part of normal operation. */
    private static final class BudgetExhausted extends SerializationException {
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private final long bytes;
    private final long maxRecordSize;
    private long used;
    private long waiting;
    private @Nullable Headers current;
    private long currentBytes;

    /**
     * @param bytes after which a poll returns no further record
     * @param maxRecordSize above which a record's value is dropped
     */
    PollBudget(long bytes, long maxRecordSize) {
        this.bytes = bytes;
        this.maxRecordSize = maxRecordSize;
    }

    /** For topics to which other services write. A record above {@link #MAX_RECORD_SIZE} is no valid message. */
    public static PollBudget ofForeign() {
        return new PollBudget(BYTES, MAX_RECORD_SIZE);
    }

    /** For topics with records of the gateway only, all of which are needed. */
    public static PollBudget ofOwn() {
        return new PollBudget(BYTES, Long.MAX_VALUE);
    }

    /** Starts a new poll. */
    void begin() {
        used = 0;
        waiting = 0;
        current = null;
    }

    boolean isUsedUp() {
        return used >= bytes;
    }

    /** The bytes of the poll so far. */
    long used() {
        return used;
    }

    /** Whether the record that waits for the next poll exceeds the size limit: Kafka's client has decompressed it. */
    boolean isOversizedWaiting() {
        return waiting > maxRecordSize;
    }

    /** Deserializes a key if the record is within the size limit; null for a larger one. */
    <T> Deserializer<T> keys(Deserializer<T> deserializer) {
        return new CountingDeserializer<>(deserializer, null);
    }

    Deserializer<byte[]> values(Deserializer<byte[]> deserializer) {
        return new CountingDeserializer<>(deserializer, RecordSize.OVERSIZED);
    }

    @SuppressWarnings(
            "ReferenceEquality") // the key and value of a record have the same headers instance, which differs from
    // that of every other record
    private boolean accept(Headers headers, ByteBuffer data) {
        if (headers != current) {
            if (isUsedUp()) {
                waiting = recordSize(data);
                throw new BudgetExhausted();
            }
            current = headers;
            currentBytes = RecordSize.of(headers);
            used += currentBytes;
        }
        currentBytes += data.remaining();
        used += data.remaining();
        return currentBytes <= maxRecordSize;
    }

    /** The size of the record with this key or value: each one of a compressed batch has an array of its own. */
    @SuppressWarnings("ByteBufferBackingArray") // of which the size counts, and not the contents
    private static int recordSize(ByteBuffer data) {
        return data.hasArray() ? data.array().length : data.remaining();
    }

    /**
     * Whether the record exceeds the size limit, so that even its headers are dropped. A record with neither key nor
     * value was not deserialized and is measured here.
     */
    @SuppressWarnings("ReferenceEquality") // only this instance marks an oversized record
    boolean isOversized(ConsumerRecord<?, byte[]> record) {
        return record.value() == RecordSize.OVERSIZED
                || (record.key() == null && record.value() == null && size(record) > maxRecordSize);
    }

    private static long size(ConsumerRecord<?, ?> record) {
        return Math.max(0, record.serializedKeySize()) + RecordSize.of(record.headers());
    }

    private final class CountingDeserializer<T> implements Deserializer<T> {
        private final Deserializer<T> deserializer;
        private final @Nullable T ifTooLarge;

        CountingDeserializer(Deserializer<T> deserializer, @Nullable T ifTooLarge) {
            this.deserializer = deserializer;
            this.ifTooLarge = ifTooLarge;
        }

        @Override
        public @Nullable T deserialize(String topic, byte[] data) {
            return deserializer.deserialize(topic, data);
        }

        @Override
        public @Nullable T deserialize(String topic, Headers headers, ByteBuffer data) {
            return accept(headers, data) ? deserializer.deserialize(topic, headers, data) : ifTooLarge;
        }
    }
}
