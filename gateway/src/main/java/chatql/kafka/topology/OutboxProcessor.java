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

/** Stores each sent message in its sender's timeline, at the position that it has in its recipient's. */
final class OutboxProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final Epochs epochs;
    private final StoreProgress storeProgress;
    private final int partitions;

    private KeyValueStore<Bytes, byte[]> timeline;
    private StoreProgress.ProgressReporter progressReporter;
    /** By partition of the topic of messages. Records that derive from one partition arrive in that partition's order. */
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
        progressReporter = storeProgress.follow(Source.sent(task));
        origins = IntStream.range(0, partitions)
                .mapToObj(origin -> new SourceTracker(timeline, storeProgress, Source.sentFrom(task, origin)))
                .toList();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        SourcePosition sourcePosition = SourcePosition.read(record.headers());
        if (sourcePosition != null && isValid(record, sourcePosition)) {
            store(record, sourcePosition);
            origins.get(sourcePosition.partition()).advance(sourcePosition.offset(), sourcePosition.reached());
        }
        context().recordMetadata().ifPresent(metadata -> progressReporter.reached(metadata.offset()));
    }

    private void store(Record<byte[], byte[]> record, SourcePosition sourcePosition) {
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
     * Whether the record comes from this topology. Only the inbox processor writes to this topic. Records by other
     * producers or of another epoch of the log are ignored. So are records from a former number of partitions whose
     * recipient is now in another partition: those are rerouted and arrive again from there.
     */
    private boolean isValid(Record<byte[], byte[]> record, SourcePosition sourcePosition) {
        boolean ofThisLog = epochs.isOf(sourcePosition.cursor())
                && sourcePosition.partition() >= 0
                && sourcePosition.partition() < partitions;
        return ofThisLog
                && record.key() != null
                && (record.value() == null || isInRecipientsPartition(record.value(), sourcePosition));
    }

    private boolean isInRecipientsPartition(byte[] value, SourcePosition sourcePosition) {
        try {
            Message message = MessageCodec.decode(value, sourcePosition.cursor());
            return new KeyPartitioner(partitions).of(message.recipient()) == sourcePosition.partition();
        } catch (MessageCodec.InvalidRecord invalid) {
            return false;
        }
    }

    @Override
    public void close() {
        origins.forEach(SourceTracker::stop);
        progressReporter.ended();
    }
}
