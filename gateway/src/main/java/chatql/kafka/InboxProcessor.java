package chatql.kafka;

import static chatql.kafka.HistoryTopology.FIRSTS;
import static chatql.kafka.HistoryTopology.INBOX;
import static chatql.kafka.HistoryTopology.TIMELINE;

import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Message;
import chatql.user.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
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
    private final long epoch;
    private final Progress progress;
    private final String sent;
    private final String deadLetters;
    private final Consumer<Fault> buried;

    private KeyValueStore<Bytes, byte[]> timeline;
    private WindowStore<Bytes, byte[]> firsts;
    private Follower inbox;

    InboxProcessor(
            Partitions partitions,
            long epoch,
            Progress progress,
            String sent,
            String deadLetters,
            Consumer<Fault> buried) {
        this.partitions = partitions;
        this.epoch = epoch;
        this.progress = progress;
        this.sent = sent;
        this.deadLetters = deadLetters;
        this.buried = buried;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        timeline = context.getStateStore(TIMELINE);
        firsts = context.getStateStore(FIRSTS);
        inbox = new Follower(
                timeline,
                progress,
                new Progress.Source(TIMELINE, context.taskId().partition(), INBOX));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context().recordMetadata().orElseThrow();
        long reached = Math.max(inbox.value(), record.timestamp());
        try {
            place(record, message(record, at), at, reached);
        } catch (Records.Unreadable unreadable) {
            bury(record, at, unreadable);
        }
        inbox.advance(at.offset(), reached);
    }

    private Message message(Record<byte[], byte[]> record, RecordMetadata at) {
        var cursor = new Cursor(epoch, record.timestamp(), at.partition(), at.offset());
        Message message = Records.decode(record.value(), cursor);
        if (record.key() == null || !message.recipient().value().equals(text(record.key()))) {
            throw new Records.Unreadable(Fault.KEY, "the key is not the recipientId");
        }
        if (partitions.of(message.recipient()) != at.partition()) {
            throw new Records.Unreadable(Fault.PARTITION, "the partition is not the recipient's");
        }
        return message;
    }

    private void place(Record<byte[], byte[]> record, Message message, RecordMetadata at, long reached) {
        Optional<Draft.Identity> identity = identity(record, message);
        Place place = inbox.has(at.offset())
                ? Timelines.place(timeline, message.recipient(), record.timestamp(), at.partition(), at.offset())
                : new Place(reached, at.partition(), at.offset());
        boolean shown = inbox.has(at.offset())
                ? isKept(message.recipient(), place)
                : identity.filter(id -> isRepeat(id, place)).isEmpty();
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

    private boolean isRepeat(Draft.Identity identity, Place place) {
        return Firsts.before(firsts, identity, place.timestamp(), place.offset()) != null;
    }

    /** Whether the message was kept when its record came before; it wasn't when it was a repeat. */
    private boolean isKept(UserId user, Place place) {
        return timeline.get(Section.received(user).key(place)) != null;
    }

    private void forward(Record<byte[], byte[]> record, UserId sender, Place place, byte @Nullable [] value) {
        var headers = new RecordHeaders();
        new Origin(epoch, place.timestamp(), record.timestamp(), place.partition(), place.offset()).write(headers);
        byte[] senderKey = sender.value().getBytes(StandardCharsets.UTF_8);
        // Now, not when the message was said: in a rebuild that may be longer ago than this topic keeps anything.
        context().forward(new Record<>(senderKey, value, context().currentSystemTimeMs(), headers), sent);
    }

    private void bury(Record<byte[], byte[]> record, RecordMetadata at, Records.Unreadable unreadable) {
        var headers = new RecordHeaders(record.headers());
        headers.add("chatql-reason", unreadable.reason().getBytes(StandardCharsets.UTF_8));
        headers.add("chatql-partition", text(at.partition()));
        headers.add("chatql-offset", text(at.offset()));
        context().forward(record.withHeaders(headers), deadLetters);
        buried.accept(unreadable.fault());
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private static @Nullable String text(byte @Nullable [] key) {
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        inbox.stop();
    }
}
