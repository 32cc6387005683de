package chatql.kafka.topology;

import static chatql.kafka.store.StoreLayout.FIRSTS;
import static chatql.kafka.store.StoreLayout.TIMELINE;

import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.record.InvalidRecordReason;
import chatql.kafka.record.MessageCodec;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.OriginalPosition;
import chatql.kafka.record.RecordSize;
import chatql.kafka.store.IdempotencyIndex;
import chatql.kafka.store.RerouteIndex;
import chatql.kafka.store.Source;
import chatql.kafka.store.TimelineEntry;
import chatql.kafka.store.TimelineKeySchema;
import chatql.kafka.store.TimelinePosition;
import chatql.kafka.store.TimelineWriter;
import chatql.kafka.topic.KeyPartitioner;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Epochs;
import chatql.message.Message;
import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Puts each message into its recipient's timeline and sends it on towards its sender's. What it does for a record it does
 * again in the same way when the record comes again after a crash.
 */
final class InboxProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final KeyPartitioner keyPartitioner;
    private final Epochs epochs;
    private final StoreProgress storeProgress;
    private final String sent;
    private final RepairProgress repairProgress;
    private final RecordOutcomeListener recordOutcomeListener;

    private RecordRouter recordRouter;
    private KeyValueStore<Bytes, byte[]> timeline;
    private WindowStore<Bytes, byte[]> firsts;
    private SourceTracker inbox;

    InboxProcessor(
            KeyPartitioner keyPartitioner,
            Epochs epochs,
            StoreProgress storeProgress,
            String sent,
            RepairProgress repairProgress,
            RecordOutcomeListener recordOutcomeListener) {
        this.keyPartitioner = keyPartitioner;
        this.epochs = epochs;
        this.storeProgress = storeProgress;
        this.sent = sent;
        this.repairProgress = repairProgress;
        this.recordOutcomeListener = recordOutcomeListener;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        recordRouter = new RecordRouter(context, epochs, repairProgress, recordOutcomeListener);
        timeline = context.getStateStore(TIMELINE);
        firsts = context.getStateStore(FIRSTS);
        inbox = new SourceTracker(
                timeline, storeProgress, Source.inbox(context.taskId().partition()));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        long reached = Math.max(inbox.value(), record.timestamp());
        try {
            route(record, message(record, at), at, reached);
        } catch (MessageCodec.InvalidRecord invalidRecord) {
            recordRouter.deadLetter(record, at, invalidRecord);
        }
        inbox.advance(at.offset(), reached);
    }

    private Message message(Record<byte[], byte[]> record, RecordMetadata at) {
        RecordSize.require(RecordSize.of(record.key()) + RecordSize.of(record.value()), record.headers());
        return MessageCodec.decode(
                record.value(),
                new Cursor(epochs.of(at.partition(), at.offset()), record.timestamp(), at.partition(), at.offset()));
    }

    private void route(Record<byte[], byte[]> record, Message message, RecordMetadata at, long reached) {
        Optional<MessageCodec.InvalidRecord> misplaced = misplaced(record, message, at);
        if (misplaced.isEmpty()) {
            append(record, message, at, reached);
        } else if (OriginalPosition.isIn(record.headers())) {
            // What was written again stands where it belongs; this is somebody else's, and would go round for ever.
            throw misplaced.get();
        } else {
            recordRouter.reroute(
                    record, at, message.recipient(), misplaced.get().fault());
        }
    }

    private Optional<MessageCodec.InvalidRecord> misplaced(
            Record<byte[], byte[]> record, Message message, RecordMetadata at) {
        if (record.key() == null || !message.recipient().value().equals(text(record.key()))) {
            return Optional.of(
                    new MessageCodec.InvalidRecord(InvalidRecordReason.KEY, "the key is not the recipientId"));
        }
        return keyPartitioner.of(message.recipient()) == at.partition()
                ? Optional.empty()
                : Optional.of(new MessageCodec.InvalidRecord(
                        InvalidRecordReason.PARTITION, "the partition is not the recipient's"));
    }

    private void append(Record<byte[], byte[]> record, Message message, RecordMetadata at, long reached) {
        Optional<Draft.Identity> identity = identity(record, message);
        TimelinePosition timelinePosition = inbox.isReplay(at.offset())
                ? TimelineWriter.timelinePosition(
                        timeline, message.recipient(), record.timestamp(), at.partition(), at.offset())
                : new TimelinePosition(reached, at.partition(), at.offset());
        boolean shown = inbox.isReplay(at.offset())
                ? isStored(message.recipient(), timelinePosition)
                : !isRepeat(record, message, identity, timelinePosition);
        if (shown) {
            identity.ifPresent(
                    id -> IdempotencyIndex.put(firsts, id, timelinePosition.timestamp(), timelinePosition.offset()));
            var entry = new TimelineEntry(record.timestamp(), record.value());
            new TimelineWriter(timeline).received(message.recipient(), message.sender(), timelinePosition, entry);
        }
        if (!message.sender().equals(message.recipient())) {
            // A repeat, too, without its value: whoever waits for what the sender wrote learns that it has been dealt
            // with.
            forward(record, message.sender(), timelinePosition, shown ? record.value() : null);
        }
    }

    private static Optional<Draft.Identity> identity(Record<byte[], byte[]> record, Message message) {
        return new Draft(message.sender(), message.recipient(), "", MessageHeaders.clientMessageId(record.headers()))
                .identity();
    }

    private boolean isRepeat(
            Record<byte[], byte[]> record,
            Message message,
            Optional<Draft.Identity> identity,
            TimelinePosition timelinePosition) {
        // Both are asked: it is taken down as the first from its former place also where its id is a repeat.
        boolean rewritten = OriginalPosition.read(record.headers())
                .map(from -> RerouteIndex.key(message.recipient(), from, record.value(), record.headers()))
                .filter(key -> RerouteIndex.isRepeat(timeline, key, timelinePosition.offset()))
                .isPresent();
        boolean said = identity.filter(id ->
                        IdempotencyIndex.before(firsts, id, timelinePosition.timestamp(), timelinePosition.offset())
                                != null)
                .isPresent();
        if (rewritten || said) {
            recordOutcomeListener.suppressed(
                    rewritten
                            ? RecordOutcomeListener.Repeat.REWRITTEN
                            : RecordOutcomeListener.Repeat.CLIENT_MESSAGE_ID);
        }
        return rewritten || said;
    }

    /** Whether the message was kept when its record came before; it wasn't when it was a repeat. */
    private boolean isStored(UserId user, TimelinePosition timelinePosition) {
        return timeline.get(TimelineKeySchema.received(user).key(timelinePosition)) != null;
    }

    private void forward(
            Record<byte[], byte[]> record, UserId sender, TimelinePosition timelinePosition, byte @Nullable [] value) {
        var headers = new RecordHeaders();
        new SourcePosition(
                        epochs.of(timelinePosition.partition(), timelinePosition.offset()),
                        timelinePosition.timestamp(),
                        record.timestamp(),
                        timelinePosition.partition(),
                        timelinePosition.offset())
                .write(headers);
        byte[] senderKey = sender.value().getBytes(StandardCharsets.UTF_8);
        // Now, not when the message was said: in a rebuild that may be longer ago than this topic keeps anything.
        context().forward(new Record<>(senderKey, value, context().currentSystemTimeMs(), headers), sent);
    }

    private static @Nullable String text(byte @Nullable [] key) {
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        inbox.stop();
    }
}
