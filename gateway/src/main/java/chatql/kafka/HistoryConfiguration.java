package chatql.kafka;

import chatql.delivery.Tap;
import chatql.kafka.client.Appender;
import chatql.kafka.client.Offsets;
import chatql.kafka.client.WholeTopic;
import chatql.kafka.consistency.CatchUp;
import chatql.kafka.consistency.Committed;
import chatql.kafka.consistency.Contact;
import chatql.kafka.consistency.Progress;
import chatql.kafka.consistency.Settling;
import chatql.kafka.identity.Epoch;
import chatql.kafka.identity.LogEndFile;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.peer.Cluster;
import chatql.kafka.peer.PeerAdmission;
import chatql.kafka.peer.PeerClient;
import chatql.kafka.peer.PeerRoutes;
import chatql.kafka.query.LocalHistory;
import chatql.kafka.query.LocalKeeper;
import chatql.kafka.query.LocalNames;
import chatql.kafka.query.LocalStores;
import chatql.kafka.query.StreamsOwners;
import chatql.kafka.query.TimedKeeper;
import chatql.kafka.query.TimedKeeper.Watches;
import chatql.kafka.rocksdb.StateDirectory;
import chatql.kafka.rocksdb.StoreMemory;
import chatql.kafka.store.TimelineReader;
import chatql.kafka.streams.DataSettings;
import chatql.kafka.streams.HistoryClients;
import chatql.kafka.streams.HistoryMetrics;
import chatql.kafka.streams.HistorySettings;
import chatql.kafka.streams.HistoryStreams;
import chatql.kafka.streams.Restored;
import chatql.kafka.streams.StreamsAssembly;
import chatql.kafka.streams.StreamsConfigs;
import chatql.kafka.streams.StreamsMetrics;
import chatql.kafka.topic.LogIdentity;
import chatql.kafka.topic.Partitions;
import chatql.kafka.topic.TopicSettings;
import chatql.kafka.topology.Handled;
import chatql.kafka.topology.HandledMarks;
import chatql.kafka.topology.HistoryTopology;
import chatql.kafka.topology.SortingMetrics;
import chatql.limit.LimitConfiguration;
import chatql.limit.LimitSettings;
import chatql.limit.TurnedAway;
import chatql.metrics.Meters;
import chatql.tracing.TracedPaths;
import chatql.user.Callers;
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
    Progress progress() {
        return new Progress();
    }

    @Bean
    Restored restored() {
        return new Restored();
    }

    @Bean(destroyMethod = "close")
    StoreMemory storeMemory(HistorySettings settings) {
        return new StoreMemory(settings.memory().toBytes());
    }

    @Bean
    MeterBinder historyMetrics(Restored restored, StoreMemory memory) {
        return new HistoryMetrics(restored, memory);
    }

    @Bean
    LogEndFile logEndFile(DataSettings data, TopicSettings topics, LogIdentity started) {
        String id = started.topic(topics.messages()).orElseThrow().id().toString();
        return new LogEndFile(data.logEnds(), id);
    }

    @Bean
    StateDirectory stateDirectory(DataSettings data, HistorySettings settings, Epoch epoch) {
        return new StateDirectory(
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
            Progress progress,
            Handled handled,
            HandledMarks marks,
            StateDirectory state,
            Restored restored,
            StoreMemory memory,
            LogIdentityWatch watch,
            Environment environment,
            MeterRegistry meters) {
        var sorting = new SortingMetrics(meters);
        var topology = new HistoryTopology(topics, epoch.epochs(), progress, handled, sorting);
        Map<String, Object> base = new HashMap<>(connection.getConfigurationProperties());
        base.putAll(configured.getStreams().getProperties());
        String directory = data.streams().toString();
        return new HistoryStreams(
                new StreamsAssembly(
                        () -> {
                            marks.load();
                            return topology.build();
                        },
                        StreamsConfigs.of(base, settings, epoch, directory, memory, sorting),
                        new HistoryClients(topics, progress),
                        state,
                        restored),
                memory,
                () -> settings.address(environment.getRequiredProperty("local.server.port", Integer.class)),
                watch,
                topics.messages(),
                topics.sent(),
                topics.users());
    }

    @Bean
    Handled handled() {
        return new Handled();
    }

    @Bean
    HandledMarks handledMarks(
            Handled handled,
            WholeTopic handledTopic,
            TopicSettings topics,
            Epoch epoch,
            Committed committed,
            Appender appender) {
        return new HandledMarks(
                handled, handledTopic, topics, epoch.epochs(), committed, appender, Schedulers.parallel());
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
    Committed committed(Admin admin, HistorySettings settings, Epoch epoch) {
        return new Committed(admin, settings.applicationId(epoch));
    }

    @Bean
    Contact contact(Committed committed) {
        return new Contact(committed.all(), Schedulers.parallel(), System::nanoTime);
    }

    @Bean
    CatchUp catchUp(Progress progress, HistorySettings settings, MeterRegistry meters) {
        return new CatchUp(progress, settings.catchUp(), Meters.HISTORY_WAIT.timer(meters));
    }

    @Bean
    Settling settling(
            Progress progress, Contact contact, CatchUp catchUp, Offsets messages, Admin admin, TopicSettings topics) {
        var sent = new Offsets(admin, topics.sent(), new Partitions(topics.partitions()));
        var users = new Offsets(admin, topics.users(), new Partitions(topics.userPartitions()));
        return new Settling(
                progress,
                contact,
                catchUp,
                Map.of(topics.messages(), messages, topics.sent(), sent, topics.users(), users));
    }

    @Bean
    LocalKeeper localKeeper(
            LocalStores stores,
            Progress progress,
            CatchUp catchUp,
            Settling settling,
            TopicSettings topics,
            HistorySettings settings,
            Epoch epoch) {
        var reader = new TimelineReader(epoch.epochs(), settings.pageMessages(), settings.pageWeight());
        return new LocalKeeper(
                new LocalHistory(stores, progress, topics, reader, catchUp, settling, Clock.systemUTC()),
                new LocalNames(stores, topics, catchUp, settling));
    }

    @Bean
    Cluster cluster(
            HistoryStreams streams,
            LocalKeeper local,
            PeerClient peers,
            TopicSettings topics,
            HistorySettings settings,
            MeterRegistry meters) {
        var here = new TimedKeeper(local, Watches.local(meters));
        Watches remote = Watches.remote(meters);
        var owners = new StreamsOwners(streams, here, owner -> new TimedKeeper(peers.owner(owner), remote));
        return new Cluster(owners, topics, settings.catchUp());
    }

    @Bean
    TracedPaths peerPaths() {
        return new TracedPaths(path -> path.startsWith(PeerRoutes.OWN) || path.startsWith(PeerRoutes.ANY));
    }

    /** Of both, for a pod asks below either. */
    @Bean
    PeerAdmission peerAdmission(LimitSettings limits, TurnedAway turnedAway) {
        return new PeerAdmission(limits, turnedAway);
    }

    @Bean
    RouterFunction<ServerResponse> ownRoutes(LocalKeeper local, Callers callers, Epoch epoch, TopicSettings topics) {
        return new PeerRoutes(local, callers, epoch.value(), topics).routes(PeerRoutes.OWN);
    }

    @Bean
    RouterFunction<ServerResponse> anyRoutes(Cluster cluster, Callers callers, Epoch epoch, TopicSettings topics) {
        return new PeerRoutes(cluster, callers, epoch.value(), topics).routes(PeerRoutes.ANY);
    }

    @Bean
    ReactiveHealthIndicator historyHealthIndicator(HistoryStreams streams, ObjectProvider<Tap> edge) {
        return KafkaHealth.history(
                streams::state, streams::hasServed, streams::isFailing, edge.getIfAvailable() != null);
    }
}
