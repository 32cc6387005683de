package chatql.kafka;

import chatql.delivery.Tap;
import chatql.kafka.consistency.CommittedOffsets;
import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.identity.Epoch;
import chatql.kafka.identity.LogEndFile;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.rocksdb.RocksDBMemory;
import chatql.kafka.rocksdb.StateQuarantine;
import chatql.kafka.streams.DataSettings;
import chatql.kafka.streams.HistoryClientSupplier;
import chatql.kafka.streams.HistorySettings;
import chatql.kafka.streams.HistoryStreams;
import chatql.kafka.streams.RestoreCounter;
import chatql.kafka.streams.StoreMetrics;
import chatql.kafka.streams.StreamsConfigs;
import chatql.kafka.streams.StreamsFactory;
import chatql.kafka.streams.StreamsMetrics;
import chatql.kafka.topic.LogIdentity;
import chatql.kafka.topic.TopicSettings;
import chatql.kafka.topology.HistoryTopology;
import chatql.kafka.topology.RecordOutcomeListener;
import chatql.kafka.topology.RepairCheckpoints;
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
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.KafkaAdmin;

/** Kafka Streams on this pod: its configuration, its state on disk and in native memory, its start and stop. */
@Configuration(proxyBeanMethods = false)
class StreamsConfiguration {
    @Bean
    RestoreCounter restoreCounter() {
        return new RestoreCounter();
    }

    @Bean(destroyMethod = "close")
    RocksDBMemory rocksDbMemory(HistorySettings settings) {
        return new RocksDBMemory(settings.rocksdbMemory().toBytes());
    }

    @Bean
    MeterBinder storeMetrics(RestoreCounter restoreCounter, RocksDBMemory rocksDbMemory) {
        return new StoreMetrics(restoreCounter, rocksDbMemory);
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
    CommittedOffsets committedOffsets(Admin admin, HistorySettings settings, Epoch epoch) {
        return new CommittedOffsets(admin, settings.applicationId(epoch));
    }

    /** What the user has configured for Kafka's clients, for Streams, and on top of both what the promises need. */
    @Bean
    StreamsConfigs streamsConfigs(
            KafkaAdmin connection,
            KafkaProperties configured,
            HistorySettings settings,
            DataSettings data,
            Epoch epoch,
            RocksDBMemory rocksDbMemory,
            RecordOutcomeListener recordOutcomes) {
        Map<String, Object> base = new HashMap<>(connection.getConfigurationProperties());
        base.putAll(configured.getStreams().getProperties());
        return StreamsConfigs.of(base, settings, epoch, data.streams().toString(), rocksDbMemory, recordOutcomes);
    }

    @Bean
    StreamsFactory streamsFactory(
            HistoryTopology topology,
            RepairCheckpoints repairCheckpoints,
            StreamsConfigs configs,
            TopicSettings topics,
            StoreProgress storeProgress,
            StateQuarantine stateQuarantine,
            RestoreCounter restoreCounter) {
        return new StreamsFactory(
                () -> {
                    // Before each start: another pod may have repaired what this one would repair again.
                    repairCheckpoints.load();
                    return topology.build();
                },
                configs.values(),
                new HistoryClientSupplier(topics, storeProgress),
                stateQuarantine,
                restoreCounter);
    }

    @Bean
    HistoryStreams historyStreams(
            StreamsFactory streamsFactory,
            RocksDBMemory rocksDbMemory,
            HistorySettings settings,
            LogIdentityWatch watch,
            TopicSettings topics,
            Environment environment) {
        return new HistoryStreams(
                streamsFactory,
                rocksDbMemory,
                // Known only once the web server listens.
                () -> settings.address(environment.getRequiredProperty("local.server.port", Integer.class)),
                watch,
                topics.messages(),
                topics.sent(),
                topics.users());
    }

    @Bean
    MeterBinder streamsMetrics(HistoryStreams streams, TopicSettings topics) {
        return new StreamsMetrics(streams, topics);
    }

    @Bean
    ReactiveHealthIndicator historyHealthIndicator(HistoryStreams streams, ObjectProvider<Tap> edge) {
        return KafkaHealth.history(
                streams::state, streams::hasServed, streams::isFailing, edge.getIfAvailable() != null);
    }
}
