package chatql.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/** Runs the topology on this pod and opens its stores for reading. */
final class HistoryStreams implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryStreams.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Topology topology;
    private final Map<String, Object> settings;
    private final Supplier<HostInfo> location;
    private volatile @Nullable Running running;

    private volatile boolean served;

    private record Running(KafkaStreams streams, HostInfo address) {}

    /** @param location where other pods find this one; asked for at the start, for the server may choose its port */
    HistoryStreams(Topology topology, Map<String, Object> settings, Supplier<HostInfo> location) {
        this.topology = topology;
        this.settings = settings;
        this.location = location;
    }

    @Override
    public synchronized void start() {
        HostInfo address = location.get();
        var properties = new Properties();
        properties.putAll(settings);
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address.host() + ":" + address.port());
        var streams = new KafkaStreams(topology, properties);
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.error("A thread that follows the log failed and is replaced", failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.setStateListener((state, before) -> served |= state == KafkaStreams.State.RUNNING);
        streams.start();
        running = new Running(streams, address);
    }

    @Override
    public synchronized void stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            stopping.streams()
                    .close(CloseOptions.timeout(LONGEST_CLOSE)
                            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** After the web server, whose port other pods are told, and before it when the pod leaves. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE + 1;
    }

    /** Whether it has come to follow the log since the start, and does so or moves parts to or from other pods. */
    boolean isServing() {
        return served
                && state().filter(KafkaStreams.State::isRunningOrRebalancing).isPresent();
    }

    /** What Kafka Streams is doing; empty before the start and after the end. */
    Optional<KafkaStreams.State> state() {
        return Optional.ofNullable(running).map(now -> now.streams().state());
    }

    HostInfo address() {
        return running().address();
    }

    /**
     * The pod that keeps the partition of the store.
     *
     * @throws Moving when that isn't settled
     */
    HostInfo owner(String store, int partition) {
        StreamPartitioner<Integer, Object> chosen = (topic, key, value, count) -> Optional.of(Set.of(partition));
        try {
            KeyQueryMetadata found = running().streams().queryMetadataForKey(store, partition, chosen);
            if (found != null && !found.activeHost().equals(HostInfo.unavailable())) {
                return found.activeHost();
            }
        } catch (InvalidStateStoreException | IllegalStateException notRunning) {
            throw new Moving(notRunning);
        }
        throw new Moving(null);
    }

    /**
     * The store of one partition.
     *
     * @throws Moving when it isn't on this pod, or not now
     */
    <T> T store(String name, int partition, QueryableStoreType<T> type) {
        StoreQueryParameters<T> one = StoreQueryParameters.fromNameAndType(name, type);
        try {
            return running().streams().store(one.withPartition(partition));
        } catch (InvalidStateStoreException | IllegalStateException notHere) {
            throw new Moving(notHere);
        }
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new Moving(null);
        }
        return now;
    }
}
