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
 * Appends each message to its recipient's timeline and forwards it to the topic of sent messages, which leads to its sender's.
 *
 * <p><b>Idempotent replay.</b> Kafka Streams processes at least once here: after a crash a record may be processed again
 * although the store has its effects already ({@link SourceTracker#isReplay}). A replay repeats the decisions of the first
 * run, so it reads them from the store ({@link #replayed}) and never decides again ({@link #decided}): a duplicate check
 * would find the message itself, and the partition's latest timestamp has moved on. Everything is written and forwarded
 * again, because the crash may have lost any of it; each write has the same key and value, and readers of the topics
 * ignore repeats. The checkpoint is advanced last.
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
    private WindowStore<Bytes, byte[]> index;
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
        index = context.getStateStore(FIRSTS);
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
            // A rerouted record is in the right partition. This one is a forgery, and rerouting it would never end.
            throw misplaced.get();
        } else {
            recordRouter.reroute(
                    record, at, message.recipient(), misplaced.get().category());
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
        Placement placement = inbox.isReplay(at.offset())
                ? replayed(record, message, at)
                : decided(record, message, identity, new TimelinePosition(reached, at.partition(), at.offset()));
        TimelinePosition position = placement.position();
        if (placement.stored()) {
            identity.ifPresent(id -> IdempotencyIndex.put(index, id, position.timestamp(), position.offset()));
            var entry = new TimelineEntry(record.timestamp(), record.value());
            new TimelineWriter(timeline).received(message.recipient(), message.sender(), position, entry);
        }
        if (!message.sender().equals(message.recipient())) {
            // Also of a duplicate, without its value: a reader that waits for the sender's writes must get past it.
            forward(record, message.sender(), position, placement.stored() ? record.value() : null);
        }
    }

    /** @param stored whether the timeline has the message; it has no duplicates */
    private record Placement(TimelinePosition position, boolean stored) {}

    /** As the first run placed it. */
    private Placement replayed(Record<byte[], byte[]> record, Message message, RecordMetadata at) {
        TimelinePosition position = TimelineWriter.timelinePosition(
                timeline, message.recipient(), record.timestamp(), at.partition(), at.offset());
        return new Placement(position, isStored(message.recipient(), position));
    }

    private Placement decided(
            Record<byte[], byte[]> record,
            Message message,
            Optional<Draft.Identity> identity,
            TimelinePosition position) {
        return new Placement(position, !isDuplicate(record, message, identity, position));
    }

    private static Optional<Draft.Identity> identity(Record<byte[], byte[]> record, Message message) {
        return new Draft(message.sender(), message.recipient(), "", MessageHeaders.clientMessageId(record.headers()))
                .identity();
    }

    private boolean isDuplicate(
            Record<byte[], byte[]> record,
            Message message,
            Optional<Draft.Identity> identity,
            TimelinePosition position) {
        // Both are evaluated, because RerouteIndex also notes the first record from its original position: it must do
        // so
        // even when the record's clientMessageId is a duplicate.
        boolean rerouted = OriginalPosition.read(record.headers())
                .map(from -> RerouteIndex.key(message.recipient(), from, record.value(), record.headers()))
                .filter(key -> RerouteIndex.isRepeat(timeline, key, position.offset()))
                .isPresent();
        boolean sentBefore = identity.filter(
                        id -> IdempotencyIndex.before(index, id, position.timestamp(), position.offset()) != null)
                .isPresent();
        if (rerouted || sentBefore) {
            recordOutcomeListener.suppressed(
                    rerouted ? RecordOutcomeListener.Repeat.REWRITTEN : RecordOutcomeListener.Repeat.CLIENT_MESSAGE_ID);
        }
        return rerouted || sentBefore;
    }

    private boolean isStored(UserId user, TimelinePosition position) {
        return timeline.get(TimelineKeySchema.received(user).key(position)) != null;
    }

    private void forward(
            Record<byte[], byte[]> record, UserId sender, TimelinePosition position, byte @Nullable [] value) {
        var headers = new RecordHeaders();
        new SourcePosition(
                        epochs.of(position.partition(), position.offset()),
                        position.timestamp(),
                        record.timestamp(),
                        position.partition(),
                        position.offset())
                .write(headers);
        byte[] senderKey = sender.value().getBytes(StandardCharsets.UTF_8);
        // The time of processing, not of the message: a rebuild reads messages that are older than this topic's
        // retention.
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
