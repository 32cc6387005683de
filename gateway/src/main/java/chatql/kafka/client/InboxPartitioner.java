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
 * Names the partition of each record by the number of partitions that the gateway started with, and refuses a topic that
 * is not the one that it started with. A partitioner is the only part of a producer that sees a topic's id.
 */
public final class InboxPartitioner implements Partitioner {
    /** Where it finds the topics in its settings. */
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
                .orElseThrow(() -> new IllegalArgumentException("Nothing is known of topic " + topic));
        Uuid found = cluster.topicId(topic);
        // Brokers of before Kafka 2.8 have no ids.
        if (!found.equals(expected.id()) && !found.equals(Uuid.ZERO_UUID)) {
            throw new TopicReplacedException(topic);
        }
        return new KeyPartitioner(expected.partitions()).of(Objects.requireNonNull(keyBytes, "Every record has a key"));
    }

    @Override
    public void close() {}
}
