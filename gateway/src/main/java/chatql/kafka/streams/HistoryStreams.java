package chatql.kafka.streams;

import chatql.kafka.consistency.PartitionMigrating;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.rocksdb.RocksDBMemory;
import chatql.kafka.rocksdb.StateCorruption;
import chatql.lifecycle.LifecyclePhase;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/** Runs Kafka Streams on this pod and opens its stores for reads. */
public final class HistoryStreams implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryStreams.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** The bound on a stop without a broker. A store that was not closed is restored at the next start. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    private final StreamsFactory streamsFactory;
    private final RocksDBMemory memory;
    private final Supplier<HostInfo> location;
    private final LogIdentityWatch watch;
    private final String[] sources;
    private final StateRebuilder stateRebuilder;
    private final RepeatedFailures failures = new RepeatedFailures(System::nanoTime);
    /** Set from start to stop. */
    private volatile @Nullable HostInfo address;

    /** Set while Kafka Streams runs; null during a rebuild. */
    private volatile @Nullable KafkaStreams running;

    private volatile boolean served;
    private volatile ReplacementPauses pauses = new ReplacementPauses(Clock.systemUTC());
    private Disposable subscription = Disposables.disposed();
    /** Whether a source topic was replaced. If so, it is not consumed. */
    private boolean sourceChanged;

    /**
     * @param location the address at which other pods reach this one; requested at the start, because the server may
     *     choose its port
     * @param sources the topics that the topology consumes
     */
    public HistoryStreams(
            StreamsFactory streamsFactory,
            RocksDBMemory memory,
            Supplier<HostInfo> location,
            LogIdentityWatch watch,
            String... sources) {
        this.streamsFactory = streamsFactory;
        this.memory = memory;
        this.location = location;
        this.watch = watch;
        this.sources = sources.clone();
        this.stateRebuilder = new StateRebuilder(this::rebuild, Schedulers.boundedElastic(), Clock.systemUTC());
    }

    @Override
    public synchronized void start() {
        HostInfo here = location.get();
        running = streamsFactory.start(here, listeners());
        address = here;
        subscription =
                watch.changed(sources).publishOn(Schedulers.boundedElastic()).subscribe(this::sourceChanged);
    }

    /**
     * Stops Kafka Streams when a source topic is replaced, because it would consume any topic of that name. Its threads
     * may take a while to end, and the wait for that is Kafka's.
     */
    private synchronized void sourceChanged(boolean changed) {
        boolean before = sourceChanged;
        sourceChanged = changed;
        KafkaStreams streams = running;
        if (changed && streams != null) {
            pauses.end();
            close(streams, CLOSE_TIMEOUT);
        } else if (before && !changed) {
            stateRebuilder.request("a source topic is the original one again");
        }
    }

    private StreamsFactory.Listeners listeners() {
        pauses = new ReplacementPauses(Clock.systemUTC());
        return new StreamsFactory.Listeners(
                this::onThreadFailure, (state, before) -> served |= state == KafkaStreams.State.RUNNING);
    }

    /** Does not replace the thread if state is corrupt, because a new thread would fail on it at once. */
    private StreamThreadExceptionResponse onThreadFailure(Throwable failure) {
        failures.add();
        if (StateCorruption.isBehind(failure)) {
            LOG.error("A Kafka Streams thread failed on corrupt state, which is verified and rebuilt", failure);
            stateRebuilder.request("a thread failed");
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        watch.checkSoon();
        LOG.error("A Kafka Streams thread failed and is replaced after a pause", failure);
        return pauses.await()
                ? StreamThreadExceptionResponse.REPLACE_THREAD
                : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private synchronized void rebuild() {
        HostInfo here = address;
        if (here != null && !sourceChanged) {
            closeForRebuild();
            running = streamsFactory.startChecked(here, listeners());
        }
    }

    private void closeForRebuild() {
        KafkaStreams corrupt = running;
        running = null;
        pauses.end();
        if (corrupt != null && !close(corrupt, CLOSE_TIMEOUT)) {
            running = corrupt;
            throw new IllegalStateException("The stream threads have not stopped, so the state cannot be verified");
        }
    }

    @Override
    public synchronized void stop() {
        KafkaStreams stopping = running;
        address = null;
        running = null;
        subscription.dispose();
        pauses.end();
        if (stopping != null) {
            close(stopping, STOP_TIMEOUT);
        }
    }

    /** Leaves the group, so that another pod takes over at once. */
    private static boolean close(KafkaStreams closing, Duration timeout) {
        return closing.close(CloseOptions.timeout(timeout)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }

    @Override
    public boolean isRunning() {
        return address != null;
    }

    @Override
    public int getPhase() {
        return LifecyclePhase.HISTORY;
    }

    /** Whether Kafka Streams has been running at any time since the start. */
    public boolean hasServed() {
        return served;
    }

    /** Whether stream threads fail repeatedly, so that no source is consumed whatever state Kafka Streams reports. */
    public boolean isFailing() {
        return failures.isLasting();
    }

    /** The state of Kafka Streams; empty before the start and after the stop. */
    public Optional<KafkaStreams.State> state() {
        return Optional.ofNullable(running).map(KafkaStreams::state);
    }

    /** The metrics of Kafka Streams and its clients; empty before the start and after the stop. */
    Map<MetricName, ? extends Metric> metrics() {
        KafkaStreams now = running;
        return now == null ? Map.of() : now.metrics();
    }

    public HostInfo address() {
        HostInfo here = address;
        if (here == null) {
            throw new PartitionMigrating(null);
        }
        return here;
    }

    /**
     * The active host of the store's partition.
     *
     * @throws PartitionMigrating while no active host is known
     */
    public HostInfo owner(String store, int partition) {
        // Kafka 4.4 deprecates a method that every partitioner must still implement.
        @SuppressWarnings("removal")
        StreamPartitioner<Integer, Object> chosen = (topic, key, value, count) -> Optional.of(Set.of(partition));
        try {
            KeyQueryMetadata found = running().queryMetadataForKey(store, partition, chosen);
            if (found != null && !found.activeHost().equals(HostInfo.unavailable())) {
                return found.activeHost();
            }
        } catch (InvalidStateStoreException | IllegalStateException notRunning) {
            throw new PartitionMigrating(notRunning);
        }
        throw new PartitionMigrating(null);
    }

    /**
     * The store of one partition.
     *
     * @throws PartitionMigrating if the store is not on this pod, or not open
     */
    public <T> T store(String name, int partition, QueryableStoreType<T> type) {
        StoreQueryParameters<T> one = StoreQueryParameters.fromNameAndType(name, type);
        try {
            return running().store(one.withPartition(partition));
        } catch (InvalidStateStoreException | IllegalStateException notHere) {
            throw new PartitionMigrating(notHere);
        }
    }

    /**
     * Reads from the stores and returns the result, unless the read met a corrupt block: to a reader, that looks like
     * the end of the store.
     *
     * @throws PartitionMigrating if it met a corrupt block; the stores are then rebuilt
     */
    public <T> @Nullable T readVerified(Callable<@Nullable T> read) throws Exception {
        long before = memory.corruptBlocks();
        T found = read.call();
        if (memory.corruptBlocks() != before) {
            throw unreadable(null);
        }
        return found;
    }

    /** The error for a reader of a corrupt store. Also requests a rebuild. */
    public PartitionMigrating unreadable(@Nullable Throwable cause) {
        stateRebuilder.request("a read met a corrupt block");
        return new PartitionMigrating(cause);
    }

    private KafkaStreams running() {
        KafkaStreams now = running;
        if (now == null) {
            throw new PartitionMigrating(null);
        }
        return now;
    }
}
