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
 * Goes on where a topic takes less than was read, because somebody has set its {@code max.message.bytes} lower: by default the
 * thread would end, and so would each one that is started in its place. Kafka Streams makes it by its class.
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
                "What stands in {}-{} at {} is larger than {} takes, and is left out there: raise its max.message.bytes",
                context.topic(),
                context.partition(),
                context.offset(),
                record.topic());
        Objects.requireNonNull(recordOutcomeListener).deadLettered(InvalidRecordReason.SIZE);
        return Response.resume();
    }
}
