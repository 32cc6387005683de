package chatql.kafka;

import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.identity.IdentityCheckedProducer;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.record.MessageCodec;
import chatql.kafka.record.MessageHeaders;
import chatql.message.Cursor;
import chatql.message.Draft;
import chatql.message.Epochs;
import chatql.message.LogChanged;
import chatql.message.LogRange;
import chatql.message.LogUnavailable;
import chatql.message.Message;
import chatql.message.MessageLog;
import chatql.user.UserId;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import reactor.core.publisher.Mono;

/** The log on Kafka: the topic of messages. */
final class KafkaMessageLog implements MessageLog {
    private final String topic;
    private final Epochs epochs;
    private final IdentityCheckedProducer appender;
    private final LogIdentityWatch watch;
    private final PartitionOffsets partitionOffsets;
    private final IdempotentAppend idempotentAppend;
    private final Consumer<Message> appended;

    /** @param appended called with each message that this pod has appended, before its append completes */
    KafkaMessageLog(
            String topic,
            Epochs epochs,
            IdentityCheckedProducer appender,
            LogIdentityWatch watch,
            PartitionOffsets partitionOffsets,
            IdempotentAppend idempotentAppend,
            Consumer<Message> appended) {
        this.topic = topic;
        this.epochs = epochs;
        this.appender = appender;
        this.watch = watch;
        this.partitionOffsets = partitionOffsets;
        this.idempotentAppend = idempotentAppend;
        this.appended = appended;
    }

    @Override
    public Mono<Message> append(Draft draft) {
        return draft.identity()
                .map(identity -> idempotentAppend.first(identity, checked -> append(draft, checked)))
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
        var record = new ProducerRecord<>(topic, draft.recipient().value(), MessageCodec.encode(draft));
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
    public Mono<LogRange> logRange(UserId user) {
        return watch.unchanged(topic, partitionOffsets.of(user))
                .map(range -> new LogRange(epochs, range.partition(), range.begin(), range.highWatermark()))
                .onErrorMap(
                        failure -> !(failure instanceof LogChanged),
                        failure -> new LogUnavailable("The log is not available now", failure));
    }
}
