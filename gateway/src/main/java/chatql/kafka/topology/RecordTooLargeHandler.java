package chatql.kafka.topology;

import chatql.kafka.record.InvalidRecordReason;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Skips records that are too large for a derived topic, whose {@code max.message.bytes} was lowered below that of the
 * source. By default the thread would end, and so would each thread that replaces it. Kafka Streams instantiates this
 * class by its name.
 */
public final class RecordTooLargeHandler implements ProductionExceptionHandler {
    /** The setting that holds the {@link RecordOutcomeListener} of this pod. */
    public static final String SORTING = "chatql.sorting";

    private static final Logger LOG = LoggerFactory.getLogger(RecordTooLargeHandler.class);

    private @Nullable RecordOutcomeListener recordOutcomeListener;

    @Override
    public void configure(Map<String, ?> settings) {
        recordOutcomeListener = (RecordOutcomeListener) Objects.requireNonNull(settings.get(SORTING), SORTING);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (!(exception instanceof RecordTooLargeException)) {
            return Response.fail();
        }
        LOG.error(
                "The record of {}-{} at offset {} exceeds max.message.bytes of topic {} and is not written there: raise it",
                context.topic(),
                context.partition(),
                context.offset(),
                record.topic());
        Objects.requireNonNull(recordOutcomeListener).deadLettered(InvalidRecordReason.SIZE);
        return Response.resume();
    }
}
