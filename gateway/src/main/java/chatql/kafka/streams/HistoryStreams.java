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

/** Runs the topology on this pod and opens its stores for reading. */
public final class HistoryStreams implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryStreams.class);
    private static final Duration MAX_CLOSE_TIME = Duration.ofSeconds(5);

    /** It takes that long only where the broker has left, too; what was not closed is read again at the next start. */
    private static final Duration MAX_STOP_TIME = Duration.ofSeconds(3);

    private final StreamsFactory assembly;
    private final RocksDBMemory memory;
    private final Supplier<HostInfo> location;
    private final LogIdentityWatch watch;
    private final String[] sources;
    private final StateRebuilder stateRebuilder;
    private final RepeatedFailures failures = new RepeatedFailures(System::nanoTime);
    /** From the start to the end. */
    private volatile @Nullable HostInfo address;

    /** As long as it runs, and not while it is rebuilt. */
    private volatile @Nullable KafkaStreams running;

    private volatile boolean served;
    private volatile ReplacementPauses pauses = new ReplacementPauses(Clock.systemUTC());
    private Disposable watching = Disposables.disposed();
    /** Whether a source is not the topic that it was: then it is not followed. */
    private boolean sourceChanged;

    /**
     * @param location where other pods find this one; asked for at the start, for the server may choose its port
     * @param sources the topics that it follows
     */
    public HistoryStreams(
            StreamsFactory assembly,
            RocksDBMemory memory,
            Supplier<HostInfo> location,
            LogIdentityWatch watch,
            String... sources) {
        this.assembly = assembly;
        this.memory = memory;
        this.location = location;
        this.watch = watch;
        this.sources = sources.clone();
        this.stateRebuilder = new StateRebuilder(this::rebuild, Schedulers.boundedElastic(), Clock.systemUTC());
    }

    @Override
    public synchronized void start() {
        HostInfo here = location.get();
        running = assembly.start(here, listening());
        address = here;
        watching = watch.changed(sources).publishOn(Schedulers.boundedElastic()).subscribe(this::sourceChanged);
    }

    /** Kafka Streams would go on with whatever has the topic's name. It may take a while to end, and waits for that are Kafka's. */
    private synchronized void sourceChanged(boolean changed) {
        boolean before = sourceChanged;
        sourceChanged = changed;
        KafkaStreams following = running;
        if (changed && following != null) {
            pauses.end();
            close(following, MAX_CLOSE_TIME);
        } else if (before && !changed) {
            stateRebuilder.request("a source that is again what it was");
        }
    }

    private StreamsFactory.Listening listening() {
        pauses = new ReplacementPauses(Clock.systemUTC());
        return new StreamsFactory.Listening(
                this::failed, (state, before) -> served |= state == KafkaStreams.State.RUNNING);
    }

    /** A new thread would come upon broken state again, and at once. */
    private StreamThreadExceptionResponse failed(Throwable failure) {
        failures.add();
        if (StateCorruption.isBehind(failure)) {
            LOG.error("A thread that follows the log can't go on with the state that it has", failure);
            stateRebuilder.request("a thread failed");
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        watch.lookSoon();
        LOG.error("A thread that follows the log failed and is replaced after a pause", failure);
        return pauses.await()
                ? StreamThreadExceptionResponse.REPLACE_THREAD
                : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private synchronized void rebuild() {
        HostInfo here = address;
        if (here != null && !sourceChanged) {
            closeForRebuild();
            running = assembly.startChecked(here, listening());
        }
    }

    private void closeForRebuild() {
        KafkaStreams broken = running;
        running = null;
        pauses.end();
        if (broken != null && !close(broken, MAX_CLOSE_TIME)) {
            running = broken;
            throw new IllegalStateException("The threads that use the state have not ended");
        }
    }

    @Override
    public synchronized void stop() {
        KafkaStreams stopping = running;
        address = null;
        running = null;
        watching.dispose();
        pauses.end();
        if (stopping != null) {
            close(stopping, MAX_STOP_TIME);
        }
    }

    /** Leaves the group, so that another pod takes over at once. */
    private static boolean close(KafkaStreams closing, Duration atMost) {
        return closing.close(CloseOptions.timeout(atMost)
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

    /** Whether it has come to follow the log since the start. */
    public boolean hasServed() {
        return served;
    }

    /** Whether its threads fail again and again, so that nothing is followed whatever Kafka Streams says of its state. */
    public boolean isFailing() {
        return failures.isLasting();
    }

    /** What Kafka Streams is doing; empty before the start and after the end. */
    public Optional<KafkaStreams.State> state() {
        return Optional.ofNullable(running).map(KafkaStreams::state);
    }

    /** What Kafka Streams and its clients measure; nothing before the start and after the end. */
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
     * The pod that keeps the partition of the store.
     *
     * @throws PartitionMigrating when that isn't settled
     */
    public HostInfo owner(String store, int partition) {
        // Kafka 4.4 has deprecated the method that a partitioner must still have.
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
     * @throws PartitionMigrating when it isn't on this pod, or not now
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
     * What the reader finds in the stores. It isn't given when a broken block was met meanwhile: that looks to a reader like
     * the end of the store.
     *
     * @throws PartitionMigrating when one was; the stores are rebuilt then
     */
    public <T> @Nullable T readVerified(Callable<@Nullable T> read) throws Exception {
        long before = memory.brokenBlocks();
        T found = read.call();
        if (memory.brokenBlocks() != before) {
            throw unreadable(null);
        }
        return found;
    }

    /** What to tell a reader whom a store can't give what it has; it is rebuilt then. */
    public PartitionMigrating unreadable(@Nullable Throwable why) {
        stateRebuilder.request("a reader came upon a broken block");
        return new PartitionMigrating(why);
    }

    private KafkaStreams running() {
        KafkaStreams now = running;
        if (now == null) {
            throw new PartitionMigrating(null);
        }
        return now;
    }
}
