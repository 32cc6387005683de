package chatql.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import reactor.kafka.receiver.ReceiverOptions;

/** What the promises ask of Kafka's clients, on top of what the user has configured for them. */
final class ClientSettings {
    private static final int DELIVERY_TIMEOUT_MS = (int) Appender.DEADLINE.toMillis();
    private static final int LONGEST_BLOCK_MS = 200;

    /** For good: a pod that was quiet for a while still knows where the topics are. */
    private static final long LONGEST_IDLE_MS = Duration.ofDays(3_650).toMillis();

    private static final int REQUEST_TIMEOUT_MS = 5_000;
    private static final int LONGEST_ANSWER_MS = 20_000;
    private static final int MOST_WARMUPS = 12;

    /**
     * Of one poll. What has neither key nor value is not counted in bytes before the poll ends, so that this bounds it:
     * such a record is as large as a batch unpacks to.
     */
    private static final int MOST_POLLED = 32;

    /** Of one answer of a broker, unless its first batch alone is larger. */
    private static final int LARGEST_FETCH = 4 << 20;

    /** What a consumer keeps of a partition until it is polled; there are as many as partitions that are read. */
    private static final int LARGEST_PARTITION_FETCH = 256 << 10;

    /** In bytes, of what one producer was given and no broker has acknowledged; beyond that it takes nothing. */
    private static final long UNACKNOWLEDGED = 16 << 20;

    private ClientSettings() {}

    /** Bounds what is fetched; {@link BoundedConsumer} what that unpacks to. */
    private static Map<String, Object> bounds() {
        return Map.of(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_POLLED,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, LARGEST_FETCH,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LARGEST_PARTITION_FETCH);
    }

    /** Durable before it is acknowledged, and no later than the delivery timeout. */
    static Map<String, Object> appender(Map<String, Object> configured) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        // Appender tries again until the deadline, and looks in between whether it has come.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_BLOCK_MS);
        settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, LONGEST_IDLE_MS);
        settings.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, UNACKNOWLEDGED);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }

    /** As {@link #appender}, to the topics that the pod has started with and no others: see {@link CheckedAppender}. */
    static Map<String, Object> appender(Map<String, Object> configured, LogIdentity started, MetadataUpdates updates) {
        Map<String, Object> settings = appender(configured);
        settings.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, InboxPartitioner.class);
        settings.put(InboxPartitioner.STARTED, started);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, UpdateCountingSerializer.class);
        settings.put(MetadataUpdates.SETTING, updates);
        return settings;
    }

    /** No group and no commits; a place that is lost is an error and never skipped. */
    static ReceiverOptions<String, byte[]> tap(Map<String, Object> configured, TapSettings tap) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.putAll(bounds());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) tap.fetchWait().toMillis());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return ReceiverOptions.<String, byte[]>create(settings).pollTimeout(tap.fetchWait());
    }

    /** Reads a topic once, for bytes, from wherever it is told to. */
    static Map<String, Object> reader(Map<String, Object> configured) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.putAll(bounds());
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, LONGEST_ANSWER_MS);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    /** At least once is enough, for every write is the same when it is made again; nothing waits for a batch or a cache. */
    static Map<String, Object> streams(
            Map<String, Object> configured,
            HistorySettings history,
            KafkaConfiguration.Epoch epoch,
            String directory,
            StoreMemory memory,
            Sorting sorting) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, history.applicationId(epoch));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, history.threads());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, history.standbys());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedStores.class);
        settings.put(BoundedStores.MEMORY, memory);
        settings.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), Topics.LARGEST_BATCH);
        settings.put(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), Topics.ANY_TIME);
        settings.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, OversizedRecords.class);
        settings.put(OversizedRecords.SORTING, sorting);
        // Parts that wait for a new pod to have warmed up move at the next look: the shortest that is allowed.
        settings.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
        // As many as a pod may ever get: by twos, each two more would wait for another look.
        settings.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, MOST_WARMUPS);
        // Read in well under a second: so far behind, a copy is as good as one that has it all.
        settings.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 10_000L);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), UNACKNOWLEDGED);
        bounds().forEach((name, value) -> settings.put(StreamsConfig.consumerPrefix(name), value));
        // What one poll gave is processed before the next: a task that waited for its other topic would keep records.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, MOST_POLLED);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 50);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        // So long a thread may be busy with the commit of a topic that is gone, when it is told to end.
        settings.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG), DELIVERY_TIMEOUT_MS);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
        if (history.instance() != null) {
            // Kafka Streams adds the number of the thread.
            settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), history.instance());
        }
        return settings;
    }
}
