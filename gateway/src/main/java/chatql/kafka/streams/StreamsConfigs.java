package chatql.kafka.streams;

import chatql.kafka.client.KafkaClientConfigs;
import chatql.kafka.identity.Epoch;
import chatql.kafka.rocksdb.BoundedMemoryRocksDBConfig;
import chatql.kafka.rocksdb.RocksDBMemory;
import chatql.kafka.topic.TopicProvisioner;
import chatql.kafka.topology.RecordOutcomeListener;
import chatql.kafka.topology.RecordTooLargeHandler;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The configuration of Kafka Streams.
 *
 * @param values by the names of {@link StreamsConfig}
 */
public record StreamsConfigs(Map<String, Object> values) {
    private static final int MAX_WARMUPS = 12;

    /**
     * The values that the promises need, on top of what the user has configured. At-least-once suffices, because every write
     * has the same result when it is repeated. Nothing waits for a batch or a cache.
     */
    public static StreamsConfigs of(
            Map<String, Object> configured,
            HistorySettings history,
            Epoch epoch,
            String directory,
            RocksDBMemory memory,
            RecordOutcomeListener recordOutcomeListener) {
        Map<String, Object> settings = new HashMap<>(configured);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, history.applicationId(epoch));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, history.threads());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, history.standbyReplicas());
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedMemoryRocksDBConfig.class);
        settings.put(BoundedMemoryRocksDBConfig.MEMORY, memory);
        settings.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), TopicProvisioner.MAX_BATCH_SIZE);
        settings.put(StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG), TopicProvisioner.ANY_TIME);
        settings.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RecordTooLargeHandler.class);
        settings.put(RecordTooLargeHandler.SORTING, recordOutcomeListener);
        // The minimum. Tasks that wait for a new pod's warm-up replicas move at the next probing rebalance.
        settings.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
        // As many as a pod may ever get. With the default of 2, every further pair would wait for another probing
        // rebalance.
        settings.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, MAX_WARMUPS);
        // Consumed in well under a second, so a replica this far behind counts as caught up.
        settings.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 10_000L);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        settings.put(
                StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), KafkaClientConfigs.UNACKNOWLEDGED);
        KafkaClientConfigs.bounds().forEach((name, value) -> settings.put(StreamsConfig.consumerPrefix(name), value));
        // Process the records of one poll before the next. A task that waited for its other topic would buffer records.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, KafkaClientConfigs.MAX_POLLED);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        // The broker answers the requests of a connection in order: a fetch that waits for records delays the lookup of
        // offsets, with which each restoration begins.
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 50);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        // The bound on a thread's commit to a deleted topic when the thread is told to stop.
        settings.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG),
                KafkaClientConfigs.DELIVERY_TIMEOUT_MS);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
        if (history.groupInstanceId() != null) {
            // Kafka Streams appends the number of the thread.
            settings.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                    history.groupInstanceId());
        }
        return new StreamsConfigs(settings);
    }

    /** Without the values: passwords are among them. */
    @Override
    public String toString() {
        return "StreamsConfigs" + values.keySet();
    }
}
