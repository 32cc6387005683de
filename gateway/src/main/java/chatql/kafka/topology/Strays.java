package chatql.kafka.topology;

import chatql.kafka.record.Fault;
import chatql.kafka.record.FormerPlace;
import chatql.kafka.record.LetterHeaders;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.Records;
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
final class Strays {
    static final String REWRITTEN = "rewritten";
    static final String DEAD_LETTERS = "dead-letters";

    private final ProcessorContext<byte[], byte[]> context;
    private final Epochs epochs;
    private final Handled handled;
    private final Sorting sorting;

    Strays(ProcessorContext<byte[], byte[]> context, Epochs epochs, Handled handled, Sorting sorting) {
        this.context = context;
        this.epochs = epochs;
        this.handled = handled;
        this.sorting = sorting;
    }

    /** Has the topic of messages have it once more, behind all that is in its recipient's partition by now. */
    void rewrite(Record<byte[], byte[]> record, RecordMetadata at, UserId recipient, Fault fault) {
        if (!handled.has(at.partition(), at.offset())) {
            Headers headers = foreign(record.headers());
            new FormerPlace(epochs.of(at.partition(), at.offset()), at.partition(), at.offset()).write(headers);
            byte[] key = recipient.value().getBytes(StandardCharsets.UTF_8);
            // The broker stamps it anew.
            context.forward(new Record<>(key, record.value(), record.timestamp(), headers), REWRITTEN);
            handled.note(at.partition(), at.offset());
            sorting.rewritten(fault);
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
    void bury(Record<byte[], byte[]> record, RecordMetadata at, Records.Unreadable unreadable) {
        if (!handled.has(at.partition(), at.offset())) {
            context.forward(letter(record, at, unreadable), DEAD_LETTERS);
            handled.note(at.partition(), at.offset());
            sorting.buried(unreadable.fault());
        }
    }

    private Record<byte[], byte[]> letter(Record<byte[], byte[]> record, RecordMetadata at, Records.Unreadable why) {
        boolean whole = why.fault() != Fault.SIZE;
        var headers = whole ? new RecordHeaders(record.headers()) : new RecordHeaders();
        new LetterHeaders(why.reason(), epochs.of(at.partition(), at.offset()), at.partition(), at.offset())
                .write(headers);
        return whole
                ? record.withHeaders(headers)
                : new Record<byte[], byte[]>(null, null, record.timestamp(), headers);
    }
}
