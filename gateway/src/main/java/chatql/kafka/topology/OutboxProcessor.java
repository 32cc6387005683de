package chatql.kafka.topology;

import static chatql.kafka.store.StoreLayout.TIMELINE;

import chatql.kafka.consistency.Progress;
import chatql.kafka.record.Records;
import chatql.kafka.store.Source;
import chatql.kafka.store.TimelineEntry;
import chatql.kafka.store.Timelines;
import chatql.kafka.topic.Partitions;
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
    private final Progress progress;
    private final int partitions;

    private KeyValueStore<Bytes, byte[]> timeline;
    private Progress.Report followed;
    /** By partition of the topic of messages: the records from one partition come in its order. */
    private List<Follower> origins = List.of();

    OutboxProcessor(int partitions, Epochs epochs, Progress progress) {
        this.partitions = partitions;
        this.epochs = epochs;
        this.progress = progress;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        timeline = context.getStateStore(TIMELINE);
        int task = context.taskId().partition();
        followed = progress.follow(Source.sent(task));
        origins = IntStream.range(0, partitions)
                .mapToObj(origin -> new Follower(timeline, progress, Source.sentFrom(task, origin)))
                .toList();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Origin origin = Origin.read(record.headers());
        if (origin != null && isOurs(record, origin)) {
            keep(record, origin);
            origins.get(origin.partition()).advance(origin.offset(), origin.reached());
        }
        context().recordMetadata().ifPresent(at -> followed.reached(at.offset()));
    }

    private void keep(Record<byte[], byte[]> record, Origin origin) {
        if (record.value() != null) {
            var sender = new UserId(new String(record.key(), StandardCharsets.UTF_8));
            Message message = Records.decode(record.value(), origin.cursor());
            new Timelines(timeline)
                    .sent(
                            sender,
                            message.recipient(),
                            origin.place(),
                            new TimelineEntry(origin.timestamp(), record.value()));
        }
    }

    /**
     * Only the inbox writes to this topic; what anybody else wrote there, or another life of the log, is passed over. So is
     * what stood in the recipient's partition by another number of partitions: it is written again, and comes from there.
     */
    private boolean isOurs(Record<byte[], byte[]> record, Origin origin) {
        boolean here = epochs.isOf(origin.cursor()) && origin.partition() >= 0 && origin.partition() < partitions;
        return here && record.key() != null && (record.value() == null || belongs(record.value(), origin));
    }

    private boolean belongs(byte[] value, Origin origin) {
        try {
            Message message = Records.decode(value, origin.cursor());
            return new Partitions(partitions).of(message.recipient()) == origin.partition();
        } catch (Records.Unreadable foreign) {
            return false;
        }
    }

    @Override
    public void close() {
        origins.forEach(Follower::stop);
        followed.ended();
    }
}
