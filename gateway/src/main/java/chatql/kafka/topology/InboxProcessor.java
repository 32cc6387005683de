package chatql.kafka.topology;

import static chatql.kafka.store.StoreLayout.FIRSTS;
import static chatql.kafka.store.StoreLayout.TIMELINE;

import chatql.kafka.consistency.Progress;
import chatql.kafka.record.Fault;
import chatql.kafka.record.FormerPlace;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.RecordSize;
import chatql.kafka.record.Records;
import chatql.kafka.store.Firsts;
import chatql.kafka.store.Place;
import chatql.kafka.store.Rewrites;
import chatql.kafka.store.Section;
import chatql.kafka.store.Source;
import chatql.kafka.store.TimelineEntry;
import chatql.kafka.store.Timelines;
import chatql.kafka.topic.Partitions;
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
    private final Partitions partitions;
    private final Epochs epochs;
    private final Progress progress;
    private final String sent;
    private final Handled handled;
    private final Sorting sorting;

    private Strays strays;
    private KeyValueStore<Bytes, byte[]> timeline;
    private WindowStore<Bytes, byte[]> firsts;
    private Follower inbox;

    InboxProcessor(
            Partitions partitions, Epochs epochs, Progress progress, String sent, Handled handled, Sorting sorting) {
        this.partitions = partitions;
        this.epochs = epochs;
        this.progress = progress;
        this.sent = sent;
        this.handled = handled;
        this.sorting = sorting;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        strays = new Strays(context, epochs, handled, sorting);
        timeline = context.getStateStore(TIMELINE);
        firsts = context.getStateStore(FIRSTS);
        inbox = new Follower(timeline, progress, Source.inbox(context.taskId().partition()));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        long reached = Math.max(inbox.value(), record.timestamp());
        try {
            sort(record, message(record, at), at, reached);
        } catch (Records.Unreadable unreadable) {
            strays.bury(record, at, unreadable);
        }
        inbox.advance(at.offset(), reached);
    }

    private Message message(Record<byte[], byte[]> record, RecordMetadata at) {
        RecordSize.require(RecordSize.of(record.key()) + RecordSize.of(record.value()), record.headers());
        return Records.decode(
                record.value(),
                new Cursor(epochs.of(at.partition(), at.offset()), record.timestamp(), at.partition(), at.offset()));
    }

    private void sort(Record<byte[], byte[]> record, Message message, RecordMetadata at, long reached) {
        Optional<Records.Unreadable> misplaced = misplaced(record, message, at);
        if (misplaced.isEmpty()) {
            place(record, message, at, reached);
        } else if (FormerPlace.isIn(record.headers())) {
            // What was written again stands where it belongs; this is somebody else's, and would go round for ever.
            throw misplaced.get();
        } else {
            strays.rewrite(record, at, message.recipient(), misplaced.get().fault());
        }
    }

    private Optional<Records.Unreadable> misplaced(Record<byte[], byte[]> record, Message message, RecordMetadata at) {
        if (record.key() == null || !message.recipient().value().equals(text(record.key()))) {
            return Optional.of(new Records.Unreadable(Fault.KEY, "the key is not the recipientId"));
        }
        return partitions.of(message.recipient()) == at.partition()
                ? Optional.empty()
                : Optional.of(new Records.Unreadable(Fault.PARTITION, "the partition is not the recipient's"));
    }

    private void place(Record<byte[], byte[]> record, Message message, RecordMetadata at, long reached) {
        Optional<Draft.Identity> identity = identity(record, message);
        Place place = inbox.has(at.offset())
                ? Timelines.place(timeline, message.recipient(), record.timestamp(), at.partition(), at.offset())
                : new Place(reached, at.partition(), at.offset());
        boolean shown = inbox.has(at.offset())
                ? isKept(message.recipient(), place)
                : !isRepeat(record, message, identity, place);
        if (shown) {
            identity.ifPresent(id -> Firsts.put(firsts, id, place.timestamp(), place.offset()));
            var entry = new TimelineEntry(record.timestamp(), record.value());
            new Timelines(timeline).received(message.recipient(), message.sender(), place, entry);
        }
        if (!message.sender().equals(message.recipient())) {
            // A repeat, too, without its value: whoever waits for what the sender wrote learns that it has been dealt
            // with.
            forward(record, message.sender(), place, shown ? record.value() : null);
        }
    }

    private static Optional<Draft.Identity> identity(Record<byte[], byte[]> record, Message message) {
        return new Draft(message.sender(), message.recipient(), "", MessageHeaders.clientMessageId(record.headers()))
                .identity();
    }

    private boolean isRepeat(
            Record<byte[], byte[]> record, Message message, Optional<Draft.Identity> identity, Place place) {
        // Both are asked: it is taken down as the first from its former place also where its id is a repeat.
        boolean rewritten = FormerPlace.read(record.headers())
                .map(from -> Rewrites.key(message.recipient(), from, record.value(), record.headers()))
                .filter(key -> Rewrites.isRepeat(timeline, key, place.offset()))
                .isPresent();
        boolean said = identity.filter(id -> Firsts.before(firsts, id, place.timestamp(), place.offset()) != null)
                .isPresent();
        if (rewritten || said) {
            sorting.hidden(rewritten ? Sorting.Repeat.REWRITTEN : Sorting.Repeat.CLIENT_MESSAGE_ID);
        }
        return rewritten || said;
    }

    /** Whether the message was kept when its record came before; it wasn't when it was a repeat. */
    private boolean isKept(UserId user, Place place) {
        return timeline.get(Section.received(user).key(place)) != null;
    }

    private void forward(Record<byte[], byte[]> record, UserId sender, Place place, byte @Nullable [] value) {
        var headers = new RecordHeaders();
        new Origin(
                        epochs.of(place.partition(), place.offset()),
                        place.timestamp(),
                        record.timestamp(),
                        place.partition(),
                        place.offset())
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
