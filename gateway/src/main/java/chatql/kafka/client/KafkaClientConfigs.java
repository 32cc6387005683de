package chatql.kafka.client;

import chatql.kafka.topic.LogIdentity;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The configurations of Kafka's clients that the promises need, on top of what the user has configured: a producer that
 * acknowledges only what is durable, and consumers that are bounded in bytes and read only what is committed.
 */
public final class KafkaClientConfigs {
    public static final int DELIVERY_TIMEOUT_MS = (int) DurableProducer.DEADLINE.toMillis();
    private static final int MAX_BLOCK_MS = 200;

    /** Practically for ever: a pod that has sent nothing for a while still knows the topics' leaders. */
    private static final long MAX_IDLE_MS = Duration.ofDays(3_650).toMillis();

    private static final int REQUEST_TIMEOUT_MS = 5_000;
    private static final int MAX_ANSWER_MS = 20_000;

    /** Records of one poll. It bounds records without key and value, which {@link PollBudget} cannot count in bytes. */
    public static final int MAX_POLLED = 32;

    /** Bytes of one fetch, unless its first batch alone is larger. */
    private static final int MAX_FETCH_SIZE = 2 << 20;

    /** Bytes that a consumer keeps of each partition until they are polled. */
    private static final int MAX_PARTITION_FETCH_SIZE = 256 << 10;

    /** Bytes that one producer has accepted and no broker has acknowledged; beyond that it accepts nothing. */
    public static final long UNACKNOWLEDGED = 16 << 20;

    private KafkaClientConfigs() {}

    /** Bounds of what a consumer fetches. {@link BoundedConsumer} bounds what that unpacks to. */
    public static Map<String, Object> bounds() {
        return Map.of(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLLED,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH_SIZE,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_PARTITION_FETCH_SIZE);
    }

    /** A producer whose records are in all in-sync replicas before they are acknowledged, within the delivery time-out. */
    public static Map<String, Object> producer(Map<String, Object> configured) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        // Short: DurableProducer retries until the deadline and checks it in between.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, MAX_IDLE_MS);
        settings.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, UNACKNOWLEDGED);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }

    /**
     * As the other one, for the topics that the pod has started with and not for topics that were recreated since: see
     * {@link chatql.kafka.identity.IdentityCheckedProducer}.
     */
    public static Map<String, Object> producer(
            Map<String, Object> configured, LogIdentity started, MetadataUpdates updates) {
        Map<String, Object> settings = producer(configured);
        settings.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, InboxPartitioner.class);
        settings.put(InboxPartitioner.STARTED, started);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, UpdateCountingSerializer.class);
        settings.put(MetadataUpdates.SETTING, updates);
        return settings;
    }

    /** A consumer of bytes without a group, which is assigned its partitions and offsets. */
    public static Map<String, Object> reader(Map<String, Object> configured) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.putAll(bounds());
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, MAX_ANSWER_MS);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }
}
