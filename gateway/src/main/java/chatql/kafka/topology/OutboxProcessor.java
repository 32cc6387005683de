package chatql.kafka.topology;

import static chatql.kafka.store.StoreLayout.TIMELINE;

import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.record.MessageCodec;
import chatql.kafka.store.Source;
import chatql.kafka.store.TimelineEntry;
import chatql.kafka.store.TimelineWriter;
import chatql.kafka.topic.KeyPartitioner;
import chatql.message.Epochs;
import chatql.message.Message;
import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Puts each sent message into its sender's timeline, under the key that it has in its recipient's. */
final class OutboxProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final Epochs epochs;
    private final StoreProgress storeProgress;
    private final int partitions;

    private KeyValueStore<Bytes, byte[]> timeline;
    private StoreProgress.ProgressReporter followed;
    /** By partition of the topic of messages: the records from one partition come in its order. */
    private List<SourceTracker> origins = List.of();

    OutboxProcessor(int partitions, Epochs epochs, StoreProgress storeProgress) {
        this.partitions = partitions;
        this.epochs = epochs;
        this.storeProgress = storeProgress;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        timeline = context.getStateStore(TIMELINE);
        int task = context.taskId().partition();
        followed = storeProgress.follow(Source.sent(task));
        origins = IntStream.range(0, partitions)
                .mapToObj(origin -> new SourceTracker(timeline, storeProgress, Source.sentFrom(task, origin)))
                .toList();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        SourcePosition sourcePosition = SourcePosition.read(record.headers());
        if (sourcePosition != null && isOurs(record, sourcePosition)) {
            keep(record, sourcePosition);
            origins.get(sourcePosition.partition()).advance(sourcePosition.offset(), sourcePosition.reached());
        }
        context().recordMetadata().ifPresent(at -> followed.reached(at.offset()));
    }

    private void keep(Record<byte[], byte[]> record, SourcePosition sourcePosition) {
        if (record.value() != null) {
            var sender = new UserId(new String(record.key(), StandardCharsets.UTF_8));
            Message message = MessageCodec.decode(record.value(), sourcePosition.cursor());
            new TimelineWriter(timeline)
                    .sent(
                            sender,
                            message.recipient(),
                            sourcePosition.timelinePosition(),
                            new TimelineEntry(sourcePosition.timestamp(), record.value()));
        }
    }

    /**
     * Only the inbox writes to this topic; what anybody else wrote there, or another life of the log, is passed over. So is
     * what stood in the recipient's partition by another number of partitions: it is written again, and comes from there.
     */
    private boolean isOurs(Record<byte[], byte[]> record, SourcePosition sourcePosition) {
        boolean here = epochs.isOf(sourcePosition.cursor())
                && sourcePosition.partition() >= 0
                && sourcePosition.partition() < partitions;
        return here && record.key() != null && (record.value() == null || belongs(record.value(), sourcePosition));
    }

    private boolean belongs(byte[] value, SourcePosition sourcePosition) {
        try {
            Message message = MessageCodec.decode(value, sourcePosition.cursor());
            return new KeyPartitioner(partitions).of(message.recipient()) == sourcePosition.partition();
        } catch (MessageCodec.InvalidRecord foreign) {
            return false;
        }
    }

    @Override
    public void close() {
        origins.forEach(SourceTracker::stop);
        followed.ended();
    }
}
