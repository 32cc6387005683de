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
 * What becomes of the records that can't be shown where they stand: written again where they belong, or set aside. It is
 * done again when the record comes again, unless it is known to be done for good.
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

    /** Has the topic of messages have it once more, behind all that is in its recipient's partition by now. */
    void reroute(
            Record<byte[], byte[]> record,
            RecordMetadata at,
            UserId recipient,
            InvalidRecordReason invalidRecordReason) {
        if (!repairProgress.isRepaired(at.partition(), at.offset())) {
            Headers headers = foreign(record.headers());
            new OriginalPosition(epochs.of(at.partition(), at.offset()), at.partition(), at.offset()).write(headers);
            byte[] key = recipient.value().getBytes(StandardCharsets.UTF_8);
            // The broker stamps it anew.
            context.forward(new Record<>(key, record.value(), record.timestamp(), headers), REWRITTEN);
            repairProgress.note(at.partition(), at.offset());
            recordOutcomeListener.rerouted(invalidRecordReason);
        }
    }

    /** Those that aren't ours: what a foreign record says in our name isn't repeated. */
    private static Headers foreign(Headers all) {
        var foreign = new RecordHeaders();
        for (Header header : all) {
            if (!header.key().startsWith(MessageHeaders.OURS)) {
                foreign.add(header);
            }
        }
        return foreign;
    }

    /** Puts it, as it came, where people look for it. */
    void deadLetter(Record<byte[], byte[]> record, RecordMetadata at, MessageCodec.InvalidRecord invalidRecord) {
        if (!repairProgress.isRepaired(at.partition(), at.offset())) {
            context.forward(letter(record, at, invalidRecord), DEAD_LETTERS);
            repairProgress.note(at.partition(), at.offset());
            recordOutcomeListener.deadLettered(invalidRecord.fault());
        }
    }

    private Record<byte[], byte[]> letter(
            Record<byte[], byte[]> record, RecordMetadata at, MessageCodec.InvalidRecord why) {
        boolean whole = why.fault() != InvalidRecordReason.SIZE;
        var headers = whole ? new RecordHeaders(record.headers()) : new RecordHeaders();
        new DeadLetterHeaders(why.reason(), epochs.of(at.partition(), at.offset()), at.partition(), at.offset())
                .write(headers);
        return whole
                ? record.withHeaders(headers)
                : new Record<byte[], byte[]>(null, null, record.timestamp(), headers);
    }
}
