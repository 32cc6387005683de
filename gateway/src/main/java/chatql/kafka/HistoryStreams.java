package chatql.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the topology on this pod and opens its stores for reading. */
final class HistoryStreams implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryStreams.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final KafkaStreams streams;
    private volatile boolean running;

    HistoryStreams(Topology topology, Map<String, Object> configuration) {
        var properties = new Properties();
        properties.putAll(configuration);
        streams = new KafkaStreams(topology, properties);
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.error("A thread that follows the log failed and is replaced", failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    @Override
    public void start() {
        streams.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        streams.close(LONGEST_CLOSE);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    KafkaStreams.State state() {
        return streams.state();
    }

    /**
     * The store of one partition.
     *
     * @throws org.apache.kafka.streams.errors.InvalidStateStoreException when it isn't on this pod, or not now
     */
    ReadOnlyKeyValueStore<Bytes, byte[]> store(String name, int partition) {
        return streams.store(
                StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                        .withPartition(partition));
    }
}
