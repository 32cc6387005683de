package chatql.kafka.topology;

import chatql.kafka.record.DeadLetterHeaders;
import chatql.kafka.record.InvalidRecordReason;
import chatql.kafka.record.MessageCodec;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.OriginalPosition;
import chatql.message.Epochs;
import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Reroutes misplaced messages to the recipient's partition and sends invalid records to the dead-letter topic. It
 * repeats this for a record that is processed again, unless {@link RepairProgress} has the first result as
 * acknowledged.
 */
final class RecordRouter {
    static final String REWRITTEN = "rewritten";
    static final String DEAD_LETTERS = "dead-letters";

    private final ProcessorContext<byte[], byte[]> context;
    private final Epochs epochs;
    private final RepairProgress repairProgress;
    private final RecordOutcomeListener recordOutcomeListener;

    RecordRouter(
            ProcessorContext<byte[], byte[]> context,
            Epochs epochs,
            RepairProgress repairProgress,
            RecordOutcomeListener recordOutcomeListener) {
        this.context = context;
        this.epochs = epochs;
        this.repairProgress = repairProgress;
        this.recordOutcomeListener = recordOutcomeListener;
    }

    /** Appends the record to the topic of messages again, at the end of its recipient's partition. */
    void reroute(
            Record<byte[], byte[]> record,
            RecordMetadata metadata,
            UserId recipient,
            InvalidRecordReason invalidRecordReason) {
        if (!repairProgress.isRepaired(metadata.partition(), metadata.offset())) {
            Headers headers = withoutGatewayHeaders(record.headers());
            new OriginalPosition(
                            epochs.of(metadata.partition(), metadata.offset()), metadata.partition(), metadata.offset())
                    .write(headers);
            byte[] key = recipient.value().getBytes(StandardCharsets.UTF_8);
            // The broker assigns the timestamp.
            context.forward(new Record<>(key, record.value(), record.timestamp(), headers), REWRITTEN);
            repairProgress.note(metadata.partition(), metadata.offset());
            recordOutcomeListener.rerouted(invalidRecordReason);
        }
    }

    /**
     * Keeps the headers of other services. Headers with the gateway's prefix are dropped, because another service may
     * have forged them.
     */
    private static Headers withoutGatewayHeaders(Headers all) {
        var kept = new RecordHeaders();
        for (Header header : all) {
            if (!header.key().startsWith(MessageHeaders.PREFIX)) {
                kept.add(header);
            }
        }
        return kept;
    }

    /** Sends the record, unchanged, to the dead-letter topic. */
    void deadLetter(Record<byte[], byte[]> record, RecordMetadata metadata, MessageCodec.InvalidRecord invalidRecord) {
        if (!repairProgress.isRepaired(metadata.partition(), metadata.offset())) {
            context.forward(toDeadLetter(record, metadata, invalidRecord), DEAD_LETTERS);
            repairProgress.note(metadata.partition(), metadata.offset());
            recordOutcomeListener.deadLettered(invalidRecord.category());
        }
    }

    private Record<byte[], byte[]> toDeadLetter(
            Record<byte[], byte[]> record, RecordMetadata metadata, MessageCodec.InvalidRecord invalidRecord) {
        boolean fits = invalidRecord.category() != InvalidRecordReason.SIZE;
        var headers = fits ? new RecordHeaders(record.headers()) : new RecordHeaders();
        new DeadLetterHeaders(
                        invalidRecord.reason(),
                        epochs.of(metadata.partition(), metadata.offset()),
                        metadata.partition(),
                        metadata.offset())
                .write(headers);
        return fits ? record.withHeaders(headers) : new Record<byte[], byte[]>(null, null, record.timestamp(), headers);
    }
}
