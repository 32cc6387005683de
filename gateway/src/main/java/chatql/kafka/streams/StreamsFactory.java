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

/** Starts the topology, as often as it must be: once closed, it can't be started again. */
public final class StreamsFactory {
    private static final Duration MAX_CLOSE_TIME = Duration.ofSeconds(5);

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

    /** What is to hear of the threads' failures and of the state. */
    record Listening(StreamsUncaughtExceptionHandler failures, KafkaStreams.StateListener state) {}

    /**
     * Starts it on the state that is on disk, without what is broken of it.
     *
     * @throws StreamsException when it can't be started and the state isn't the reason
     */
    KafkaStreams start(HostInfo address, Listening listening) {
        state.withoutMissing();
        try {
            return tryStart(address, listening);
        } catch (StreamsException failure) {
            if (!state.withoutDamaged()) {
                throw failure;
            }
            return tryStart(address, listening);
        }
    }

    /** As {@link #start}, after a look at all of the state, because something in it is thought to be broken. */
    KafkaStreams startChecked(HostInfo address, Listening listening) {
        state.withoutDamaged();
        return start(address, listening);
    }

    private KafkaStreams tryStart(HostInfo address, Listening listening) {
        KafkaStreams streams = assembled(address, listening);
        try {
            streams.start();
            return streams;
        } catch (StreamsException failure) {
            streams.close(MAX_CLOSE_TIME);
            throw failure;
        }
    }

    private KafkaStreams assembled(HostInfo address, Listening listening) {
        var properties = new Properties();
        properties.putAll(settings);
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address.host() + ":" + address.port());
        var streams = new KafkaStreams(topology.get(), properties, clients);
        streams.setUncaughtExceptionHandler(listening.failures());
        streams.setStateListener(listening.state());
        streams.setGlobalStateRestoreListener(restoreCounter);
        return streams;
    }
}
