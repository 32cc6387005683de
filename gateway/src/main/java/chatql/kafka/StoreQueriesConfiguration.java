package chatql.kafka;

import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.consistency.BrokerLiveness;
import chatql.kafka.consistency.CatchUp;
import chatql.kafka.consistency.CommittedOffsets;
import chatql.kafka.consistency.OwnershipBarrier;
import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.identity.Epoch;
import chatql.kafka.peer.PeerClient;
import chatql.kafka.peer.RoutedQueries;
import chatql.kafka.query.LocalQueries;
import chatql.kafka.query.LocalStores;
import chatql.kafka.query.LocalTimelines;
import chatql.kafka.query.LocalUsernames;
import chatql.kafka.query.MeteredQueries;
import chatql.kafka.query.MeteredQueries.Watches;
import chatql.kafka.query.StreamsActiveHosts;
import chatql.kafka.store.TimelineReader;
import chatql.kafka.streams.HistorySettings;
import chatql.kafka.streams.HistoryStreams;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.TopicSettings;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Queries of this pod's stores, what each must wait for, and the way to the pods that have the other partitions. */
@Configuration(proxyBeanMethods = false)
class StoreQueriesConfiguration {
    /** How many reads of stores may wait; beyond that they are rejected. */
    private static final int WAITING_READS = 10_000;

    private static final int READERS = 4;

    @Bean(destroyMethod = "dispose")
    Scheduler historyReaders() {
        return Schedulers.newBoundedElastic(READERS, WAITING_READS, "history");
    }

    @Bean
    LocalStores localStores(HistoryStreams streams, Scheduler historyReaders) {
        return new LocalStores(streams, historyReaders);
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
        var hosts = new StreamsActiveHosts(streams, here, host -> new MeteredQueries(peers.owner(host), remote));
        return new RoutedQueries(hosts, topics, settings.catchUpTimeout());
    }
}
