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

/** The clients of Kafka Streams, of which the one that reads the topology's sources says how far it has come. */
public record HistoryClientSupplier(TopicSettings topics, StoreProgress storeProgress) implements KafkaClientSupplier {
    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
        return new PositionReportingConsumer(settings, this::read);
    }

    private void read(TopicPartition place, long last, long position) {
        storeProgress.read(source(place), last, position);
    }

    private Source source(TopicPartition place) {
        if (place.topic().equals(topics.users())) {
            return Source.claims(place.partition());
        }
        return place.topic().equals(topics.sent()) ? Source.sent(place.partition()) : Source.inbox(place.partition());
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
