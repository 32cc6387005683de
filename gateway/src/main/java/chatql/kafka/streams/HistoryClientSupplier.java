package chatql.kafka.streams;

import chatql.kafka.client.BoundedConsumer;
import chatql.kafka.client.PollBudget;
import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.store.Source;
import chatql.kafka.topic.TopicSettings;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Creates the clients of Kafka Streams. The consumer of the topology's sources reports its positions. */
public record HistoryClientSupplier(TopicSettings topics, StoreProgress storeProgress) implements KafkaClientSupplier {
    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
        return new PositionReportingConsumer(settings, this::read);
    }

    private void read(TopicPartition topicPartition, long last, long position) {
        storeProgress.read(source(topicPartition), last, position);
    }

    private Source source(TopicPartition topicPartition) {
        if (topicPartition.topic().equals(topics.users())) {
            return Source.claims(topicPartition.partition());
        }
        return topicPartition.topic().equals(topics.sent())
                ? Source.sent(topicPartition.partition())
                : Source.inbox(topicPartition.partition());
    }

    @Override
    public Admin getAdmin(Map<String, Object> settings) {
        return Admin.create(settings);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
        return new DerivedProducer(settings, InstantSource.system());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> settings) {
        return plain(settings);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> settings) {
        return plain(settings);
    }

    private static Consumer<byte[], byte[]> plain(Map<String, Object> settings) {
        return new BoundedConsumer<>(settings, new ByteArrayDeserializer(), PollBudget.ofOwn());
    }
}
