package chatql.kafka.identity;

import chatql.kafka.client.BackgroundTask;
import chatql.kafka.client.DurableProducer;
import chatql.kafka.client.MetadataUpdates;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.TopicReplacedException;
import chatql.lifecycle.LifecyclePhase;
import chatql.message.LogChanged;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Appends to the topics with which this pod started, and never to others of the same names.
 *
 * <p>The partitioner checks the topic's id when a record is sent. Until the acknowledgement, a retry may send the
 * record to another topic of that name, but only after a metadata update. In that case Kafka is asked for the topic's
 * id again before the append completes. A topic that is the same after the acknowledgement was the same before, because
 * ids are never reused. Brokers since Kafka 4.1 check the id themselves when they append the record. With older
 * brokers, a topic that is replaced during a single append may be taken for the old one.
 */
public final class IdentityCheckedProducer extends BackgroundTask {
    private final DurableProducer durableProducer;
    private final LogIdentityWatch watch;
    private final MetadataUpdates updates;
    private final TruncationWatch truncation;
    private final String messages;
    private final KeyPartitioner keyPartitioner;

    public IdentityCheckedProducer(
            DurableProducer durableProducer,
            LogIdentityWatch watch,
            MetadataUpdates updates,
            TruncationWatch truncation,
            String messages,
            KeyPartitioner keyPartitioner) {
        super(LifecyclePhase.LOG_WATCH);
        this.truncation = truncation;
        this.messages = messages;
        this.keyPartitioner = keyPartitioner;
        this.durableProducer = durableProducer;
        this.watch = watch;
        this.updates = updates;
    }

    /**
     * Disconnects when a topic changes. Otherwise pending appends would wait until their timeout and request the
     * topic's metadata, which may re-create it.
     */
    @Override
    protected Disposable begin() {
        return watch.changed()
                .filter(changed -> changed)
                .publishOn(Schedulers.boundedElastic())
                .subscribe(changed -> durableProducer.disconnect());
    }

    /** As {@link DurableProducer#prepare}. */
    public void prepare(List<String> topics) {
        durableProducer.prepare(topics);
    }

    /**
     * As {@link DurableProducer#append}. Errors with {@link LogChanged} if the topic has changed; nothing is written
     * then.
     */
    public Mono<RecordMetadata> append(ProducerRecord<String, byte[]> record) {
        return watch.unchanged(record.topic(), Mono.defer(() -> {
            long before = updates.count();
            long end = record.topic().equals(messages) ? truncation.end(keyPartitioner.of(record.key())) : 0;
            return durableProducer
                    .append(record)
                    .onErrorMap(failure -> failed(record.topic(), failure))
                    .flatMap(stored -> isReusedOffset(stored, end)
                            ? Mono.error(new LogChanged())
                            : updates.count() == before ? Mono.just(stored) : confirmed(stored));
        }));
    }

    /** Whether another record, which the log has lost, had this offset before. */
    private boolean isReusedOffset(RecordMetadata stored, long end) {
        return stored.topic().equals(messages) && !truncation.isNew(stored.partition(), stored.offset(), end);
    }

    private Throwable failed(String topic, Throwable failure) {
        watch.checkSoon();
        return failure instanceof TopicReplacedException || watch.isChanged(topic) ? new LogChanged() : failure;
    }

    private Mono<RecordMetadata> confirmed(RecordMetadata stored) {
        return watch.check().then(watch.unchanged(stored.topic(), Mono.just(stored)));
    }
}
