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

/** What the promises ask of Kafka's clients, on top of what the user has configured for them. */
public final class KafkaClientConfigs {
    public static final int DELIVERY_TIMEOUT_MS = (int) DurableProducer.DEADLINE.toMillis();
    private static final int MAX_BLOCK_MS = 200;

    /** For good: a pod that was quiet for a while still knows where the topics are. */
    private static final long MAX_IDLE_MS = Duration.ofDays(3_650).toMillis();

    private static final int REQUEST_TIMEOUT_MS = 5_000;
    private static final int MAX_ANSWER_MS = 20_000;

    /**
     * Of one poll. What has neither key nor value is not counted in bytes before the poll ends, so that this bounds it:
     * such a record is as large as a batch unpacks to.
     */
    public static final int MAX_POLLED = 32;

    /** Of one answer of a broker, unless its first batch alone is larger. */
    private static final int MAX_FETCH_SIZE = 4 << 20;

    /** What a consumer keeps of a partition until it is polled; there are as many as partitions that are read. */
    private static final int MAX_PARTITION_FETCH_SIZE = 256 << 10;

    /** In bytes, of what one producer was given and no broker has acknowledged; beyond that it takes nothing. */
    public static final long UNACKNOWLEDGED = 16 << 20;

    private KafkaClientConfigs() {}

    /** Bounds what is fetched; {@link BoundedConsumer} what that unpacks to. */
    public static Map<String, Object> bounds() {
        return Map.of(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLLED,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH_SIZE,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_PARTITION_FETCH_SIZE);
    }

    /** Durable before it is acknowledged, and no later than the delivery timeout. */
    public static Map<String, Object> appender(Map<String, Object> configured) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        // Appender tries again until the deadline, and looks in between whether it has come.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
        settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, MAX_IDLE_MS);
        settings.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, UNACKNOWLEDGED);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }

    /**
     * As {@link #appender}, to the topics that the pod has started with and no others: see
     * {@link chatql.kafka.identity.IdentityCheckedProducer}.
     */
    public static Map<String, Object> appender(
            Map<String, Object> configured, LogIdentity started, MetadataUpdates updates) {
        Map<String, Object> settings = appender(configured);
        settings.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, InboxPartitioner.class);
        settings.put(InboxPartitioner.STARTED, started);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, UpdateCountingSerializer.class);
        settings.put(MetadataUpdates.SETTING, updates);
        return settings;
    }

    /** Reads a topic once, for bytes, from wherever it is told to. */
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
