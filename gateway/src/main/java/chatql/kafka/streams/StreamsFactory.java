package chatql.kafka.streams;

import chatql.kafka.rocksdb.StateQuarantine;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.state.HostInfo;

/** Creates and starts Kafka Streams, which cannot be restarted once it is closed. */
public final class StreamsFactory {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Topology> topology;
    private final Map<String, Object> settings;
    private final KafkaClientSupplier clients;
    private final StateQuarantine state;
    private final RestoreCounter restoreCounter;

    public StreamsFactory(
            Supplier<Topology> topology,
            Map<String, Object> settings,
            KafkaClientSupplier clients,
            StateQuarantine state,
            RestoreCounter restoreCounter) {
        this.topology = topology;
        this.settings = settings;
        this.clients = clients;
        this.state = state;
        this.restoreCounter = restoreCounter;
    }

    /** The handlers for failures of threads and changes of state. */
    record Listeners(StreamsUncaughtExceptionHandler failures, KafkaStreams.StateListener state) {}

    /**
     * Starts Kafka Streams on the state on disk, after moving corrupt state to quarantine.
     *
     * @throws StreamsException if it cannot be started and the state is not the reason
     */
    KafkaStreams start(HostInfo address, Listeners listeners) {
        state.withoutMissing();
        try {
            return tryStart(address, listeners);
        } catch (StreamsException failure) {
            if (!state.withoutDamaged()) {
                throw failure;
            }
            return tryStart(address, listeners);
        }
    }

    /** As {@link #start}, after verifying all state, because some of it may be corrupt. */
    KafkaStreams startChecked(HostInfo address, Listeners listeners) {
        state.withoutDamaged();
        return start(address, listeners);
    }

    private KafkaStreams tryStart(HostInfo address, Listeners listeners) {
        KafkaStreams streams = createStreams(address, listeners);
        try {
            streams.start();
            return streams;
        } catch (StreamsException failure) {
            streams.close(CLOSE_TIMEOUT);
            throw failure;
        }
    }

    private KafkaStreams createStreams(HostInfo address, Listeners listeners) {
        var properties = new Properties();
        properties.putAll(settings);
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address.host() + ":" + address.port());
        var streams = new KafkaStreams(topology.get(), properties, clients);
        streams.setUncaughtExceptionHandler(listeners.failures());
        streams.setStateListener(listeners.state());
        streams.setGlobalStateRestoreListener(restoreCounter);
        return streams;
    }
}
