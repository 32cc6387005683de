package chatql.kafka;

import chatql.kafka.client.Offsets;
import chatql.kafka.identity.CheckedAppender;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.record.Records;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Epochs;
import chatql.message.Extent;
import chatql.message.LogChanged;
import chatql.message.LogUnavailable;
import chatql.message.Message;
import chatql.message.MessageLog;
import chatql.user.UserId;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import reactor.core.publisher.Mono;

/** The log, kept in the topic of messages. */
final class KafkaMessageLog implements MessageLog {
    private final String topic;
    private final Epochs epochs;
    private final CheckedAppender appender;
    private final LogIdentityWatch watch;
    private final Offsets offsets;
    private final Retries retries;
    private final Consumer<Message> appended;

    /** @param appended told of each message that this pod has appended, before its append completes */
    KafkaMessageLog(
            String topic,
            Epochs epochs,
            CheckedAppender appender,
            LogIdentityWatch watch,
            Offsets offsets,
            Retries retries,
            Consumer<Message> appended) {
        this.topic = topic;
        this.epochs = epochs;
        this.appender = appender;
        this.watch = watch;
        this.offsets = offsets;
        this.retries = retries;
        this.appended = appended;
    }

    @Override
    public Mono<Message> append(Draft draft) {
        return draft.identity()
                .map(identity -> retries.first(identity, checked -> append(draft, checked)))
                .orElseGet(() -> append(draft, MessageHeaders.UNCHECKED));
    }

    private Mono<Message> append(Draft draft, long checked) {
        return Mono.fromSupplier(() -> record(draft, checked))
                .flatMap(appender::append)
                .map(stored -> {
                    Message message = message(draft, stored);
                    appended.accept(message);
                    return message;
                })
                .onErrorMap(
                        failure -> !(failure instanceof LogChanged),
                        failure -> new LogUnavailable("The message could not be stored", failure));
    }

    private ProducerRecord<String, byte[]> record(Draft draft, long checked) {
        var record = new ProducerRecord<>(topic, draft.recipient().value(), Records.encode(draft));
        draft.identity().ifPresent(id -> MessageHeaders.write(record.headers(), id.clientMessageId(), checked));
        return record;
    }

    private Message message(Draft draft, RecordMetadata stored) {
        var cursor = new Cursor(
                epochs.of(stored.partition(), stored.offset()),
                stored.timestamp(),
                stored.partition(),
                stored.offset());
        return new Message(cursor, draft.sender(), draft.recipient(), draft.content());
    }

    @Override
    public Mono<Extent> extent(UserId user) {
        return watch.unchanged(topic, offsets.of(user))
                .map(range -> new Extent(epochs, range.partition(), range.begin(), range.highWatermark()))
                .onErrorMap(
                        failure -> !(failure instanceof LogChanged),
                        failure -> new LogUnavailable("The log is not available now", failure));
    }
}
