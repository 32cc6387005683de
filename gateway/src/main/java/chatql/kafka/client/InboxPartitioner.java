package chatql.kafka.client;

import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.LogIdentity;
import chatql.kafka.topic.TopicReplacedException;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the partition of each record by the number of partitions at the gateway's start, and rejects a topic that was
 * replaced since. Only a partitioner sees a topic's id within Kafka's producer.
 */
public final class InboxPartitioner implements Partitioner {
    /** The setting that holds the topics as of the start. */
    static final String STARTED = "chatql.log.identity";

    private @Nullable LogIdentity started;

    @Override
    public void configure(Map<String, ?> settings) {
        started = (LogIdentity) settings.get(STARTED);
    }

    @Override
    public int partition(
            String topic,
            Object key,
            byte @Nullable [] keyBytes,
            Object value,
            byte @Nullable [] valueBytes,
            Cluster cluster) {
        LogIdentity.Topic expected = Objects.requireNonNull(started)
                .topic(topic)
                .orElseThrow(() -> new IllegalArgumentException("Unknown topic " + topic));
        Uuid found = cluster.topicId(topic);
        // Brokers before Kafka 2.8 have no topic ids.
        if (!found.equals(expected.id()) && !found.equals(Uuid.ZERO_UUID)) {
            throw new TopicReplacedException(topic);
        }
        return new KeyPartitioner(expected.partitions()).of(Objects.requireNonNull(keyBytes, "Every record has a key"));
    }

    @Override
    public void close() {}
}
