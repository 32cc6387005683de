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
 * Appends to the topics that this pod has started with, and never to others of their names.
 *
 * <p>The partitioner looks at the topic's id when a record is sent. Until it is acknowledged, a retry may take it to another
 * topic of the name, but only after news of the topics: then Kafka is asked once more before the answer is given. A topic
 * that is the same after the acknowledgement was the same before it, for no id comes back. Brokers from Kafka 4.1 on check
 * the id themselves when they take the record; with older ones, a topic that is replaced within the time of one append may be
 * taken for the old one.
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

    /** What is under way when a topic changes would wait out its time, asking for the topic and so creating it anew. */
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

    /** As {@link DurableProducer#append}. Errors with {@link LogChanged} when the topic isn't what it was; nothing is written then. */
    public Mono<RecordMetadata> append(ProducerRecord<String, byte[]> record) {
        return watch.unchanged(record.topic(), Mono.defer(() -> {
            long before = updates.count();
            long end = record.topic().equals(messages) ? truncation.end(keyPartitioner.of(record.key())) : 0;
            return durableProducer
                    .append(record)
                    .onErrorMap(failure -> failed(record.topic(), failure))
                    .flatMap(stored -> isAgain(stored, end)
                            ? Mono.error(new LogChanged())
                            : updates.count() == before ? Mono.just(stored) : confirmed(stored));
        }));
    }

    /** Whether the place is one that another record had before, which the log has lost. */
    private boolean isAgain(RecordMetadata stored, long end) {
        return stored.topic().equals(messages) && !truncation.isNew(stored.partition(), stored.offset(), end);
    }

    private Throwable failed(String topic, Throwable failure) {
        watch.lookSoon();
        return failure instanceof TopicReplacedException || watch.isChanged(topic) ? new LogChanged() : failure;
    }

    private Mono<RecordMetadata> confirmed(RecordMetadata stored) {
        return watch.look().then(watch.unchanged(stored.topic(), Mono.just(stored)));
    }
}
