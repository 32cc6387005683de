package chatql.kafka;

import chatql.delivery.Tap;
import chatql.kafka.client.DurableProducer;
import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.client.TopicScan;
import chatql.kafka.consistency.BrokerLiveness;
import chatql.kafka.consistency.CatchUp;
import chatql.kafka.consistency.CommittedOffsets;
import chatql.kafka.consistency.OwnershipBarrier;
import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.identity.Epoch;
import chatql.kafka.identity.LogEndFile;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.peer.PeerAdmission;
import chatql.kafka.peer.PeerClient;
import chatql.kafka.peer.PeerRoutes;
import chatql.kafka.peer.RoutedQueries;
import chatql.kafka.query.LocalQueries;
import chatql.kafka.query.LocalStores;
import chatql.kafka.query.LocalTimelines;
import chatql.kafka.query.LocalUsernames;
import chatql.kafka.query.MeteredQueries;
import chatql.kafka.query.MeteredQueries.Watches;
import chatql.kafka.query.StreamsActiveHosts;
import chatql.kafka.rocksdb.RocksDBMemory;
import chatql.kafka.rocksdb.StateQuarantine;
import chatql.kafka.store.TimelineReader;
import chatql.kafka.streams.DataSettings;
import chatql.kafka.streams.HistoryClientSupplier;
import chatql.kafka.streams.HistorySettings;
import chatql.kafka.streams.HistoryStreams;
import chatql.kafka.streams.RestoreCounter;
import chatql.kafka.streams.StoreMetrics;
import chatql.kafka.streams.StreamsConfigs;
import chatql.kafka.streams.StreamsFactory;
import chatql.kafka.streams.StreamsMetrics;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.LogIdentity;
import chatql.kafka.topic.TopicSettings;
import chatql.kafka.topology.HistoryTopology;
import chatql.kafka.topology.RecordOutcomeMetrics;
import chatql.kafka.topology.RepairCheckpoints;
import chatql.kafka.topology.RepairProgress;
import chatql.limit.LimitConfiguration;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import chatql.metrics.Meters;
import chatql.tracing.TracedPaths;
import chatql.user.CallerAuthenticator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What keeps history and names: this pod's share of them, and the way to the others'. */
@Configuration(proxyBeanMethods = false)
@Import(LimitConfiguration.class)
public class HistoryConfiguration {
    /** How many reads of stores may wait; beyond that they are refused. */
    private static final int WAITING_READS = 10_000;

    private static final int READERS = 4;

    @Bean
    StoreProgress storeProgress() {
        return new StoreProgress();
    }

    @Bean
    RestoreCounter restoreCounter() {
        return new RestoreCounter();
    }

    @Bean(destroyMethod = "close")
    RocksDBMemory rocksDbMemory(HistorySettings settings) {
        return new RocksDBMemory(settings.rocksdbMemory().toBytes());
    }

    @Bean
    MeterBinder historyMetrics(RestoreCounter restoreCounter, RocksDBMemory memory) {
        return new StoreMetrics(restoreCounter, memory);
    }

    @Bean
    LogEndFile logEndFile(DataSettings data, TopicSettings topics, LogIdentity started) {
        String id = started.topic(topics.messages()).orElseThrow().id().toString();
        return new LogEndFile(data.logEnds(), id);
    }

    @Bean
    StateQuarantine stateQuarantine(DataSettings data, HistorySettings settings, Epoch epoch) {
        return new StateQuarantine(
                data.streams().resolve(settings.applicationId(epoch)), data.broken(), Clock.systemUTC());
    }

    @Bean
    HistoryStreams historyStreams(
            KafkaAdmin connection,
            KafkaProperties configured,
            TopicSettings topics,
            HistorySettings settings,
            DataSettings data,
            Epoch epoch,
            StoreProgress storeProgress,
            RepairProgress repairProgress,
            RepairCheckpoints marks,
            StateQuarantine state,
            RestoreCounter restoreCounter,
            RocksDBMemory memory,
            LogIdentityWatch watch,
            Environment environment,
            MeterRegistry meters) {
        var sorting = new RecordOutcomeMetrics(meters);
        var topology = new HistoryTopology(topics, epoch.epochs(), storeProgress, repairProgress, sorting);
        Map<String, Object> base = new HashMap<>(connection.getConfigurationProperties());
        base.putAll(configured.getStreams().getProperties());
        String directory = data.streams().toString();
        return new HistoryStreams(
                new StreamsFactory(
                        () -> {
                            marks.load();
                            return topology.build();
                        },
                        StreamsConfigs.of(base, settings, epoch, directory, memory, sorting),
                        new HistoryClientSupplier(topics, storeProgress),
                        state,
                        restoreCounter),
                memory,
                () -> settings.address(environment.getRequiredProperty("local.server.port", Integer.class)),
                watch,
                topics.messages(),
                topics.sent(),
                topics.users());
    }

    @Bean
    RepairProgress repairProgress() {
        return new RepairProgress();
    }

    @Bean
    RepairCheckpoints repairCheckpoints(
            RepairProgress repairProgress,
            TopicScan repairCheckpointsTopic,
            TopicSettings topics,
            Epoch epoch,
            CommittedOffsets committedOffsets,
            DurableProducer durableProducer) {
        return new RepairCheckpoints(
                repairProgress,
                repairCheckpointsTopic,
                topics,
                epoch.epochs(),
                committedOffsets,
                durableProducer,
                Schedulers.parallel());
    }

    @Bean
    MeterBinder streamsMetrics(HistoryStreams streams, TopicSettings topics) {
        return new StreamsMetrics(streams, topics);
    }

    @Bean(destroyMethod = "dispose")
    Scheduler historyReaders() {
        return Schedulers.newBoundedElastic(READERS, WAITING_READS, "history");
    }

    @Bean
    LocalStores localStores(HistoryStreams streams, Scheduler historyReaders) {
        return new LocalStores(streams, historyReaders);
    }

    @Bean
    CommittedOffsets committedOffsets(Admin admin, HistorySettings settings, Epoch epoch) {
        return new CommittedOffsets(admin, settings.applicationId(epoch));
    }

    @Bean
    BrokerLiveness brokerLiveness(CommittedOffsets committedOffsets) {
        return new BrokerLiveness(committedOffsets.all(), Schedulers.parallel(), System::nanoTime);
    }

    @Bean
    CatchUp catchUp(StoreProgress storeProgress, HistorySettings settings, MeterRegistry meters) {
        return new CatchUp(storeProgress, settings.catchUpTimeout(), Meters.HISTORY_WAIT.timer(meters));
    }

    @Bean
    OwnershipBarrier ownershipBarrier(
            StoreProgress storeProgress,
            BrokerLiveness brokerLiveness,
            CatchUp catchUp,
            PartitionOffsets messages,
            Admin admin,
            TopicSettings topics) {
        var sent = new PartitionOffsets(admin, topics.sent(), new KeyPartitioner(topics.partitions()));
        var users = new PartitionOffsets(admin, topics.users(), new KeyPartitioner(topics.userPartitions()));
        return new OwnershipBarrier(
                storeProgress,
                brokerLiveness,
                catchUp,
                Map.of(topics.messages(), messages, topics.sent(), sent, topics.users(), users));
    }

    @Bean
    LocalQueries localQueries(
            LocalStores stores,
            StoreProgress storeProgress,
            CatchUp catchUp,
            OwnershipBarrier ownershipBarrier,
            TopicSettings topics,
            HistorySettings settings,
            Epoch epoch) {
        var reader = new TimelineReader(epoch.epochs(), settings.pageMessages(), settings.pageBytes());
        return new LocalQueries(
                new LocalTimelines(stores, storeProgress, topics, reader, catchUp, ownershipBarrier, Clock.systemUTC()),
                new LocalUsernames(stores, topics, catchUp, ownershipBarrier));
    }

    @Bean
    RoutedQueries routedQueries(
            HistoryStreams streams,
            LocalQueries local,
            PeerClient peers,
            TopicSettings topics,
            HistorySettings settings,
            MeterRegistry meters) {
        var here = new MeteredQueries(local, Watches.local(meters));
        Watches remote = Watches.remote(meters);
        var owners = new StreamsActiveHosts(streams, here, owner -> new MeteredQueries(peers.owner(owner), remote));
        return new RoutedQueries(owners, topics, settings.catchUpTimeout());
    }

    @Bean
    TracedPaths peerPaths() {
        return new TracedPaths(path -> path.startsWith(PeerRoutes.OWN) || path.startsWith(PeerRoutes.ANY));
    }

    /** Of both, for a pod asks below either. */
    @Bean
    PeerAdmission peerAdmission(LimitSettings limits, LimitMetrics limitMetrics) {
        return new PeerAdmission(limits, limitMetrics);
    }

    @Bean
    RouterFunction<ServerResponse> ownRoutes(
            LocalQueries local, CallerAuthenticator callerAuthenticator, Epoch epoch, TopicSettings topics) {
        return new PeerRoutes(local, callerAuthenticator, epoch.value(), topics).routes(PeerRoutes.OWN);
    }

    @Bean
    RouterFunction<ServerResponse> anyRoutes(
            RoutedQueries routedQueries, CallerAuthenticator callerAuthenticator, Epoch epoch, TopicSettings topics) {
        return new PeerRoutes(routedQueries, callerAuthenticator, epoch.value(), topics).routes(PeerRoutes.ANY);
    }

    @Bean
    ReactiveHealthIndicator historyHealthIndicator(HistoryStreams streams, ObjectProvider<Tap> edge) {
        return KafkaHealth.history(
                streams::state, streams::hasServed, streams::isFailing, edge.getIfAvailable() != null);
    }
}
