package chatql.kafka;

import chatql.kafka.client.DurableProducer;
import chatql.kafka.client.TopicScan;
import chatql.kafka.consistency.CommittedOffsets;
import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.identity.Epoch;
import chatql.kafka.topic.TopicSettings;
import chatql.kafka.topology.HistoryTopology;
import chatql.kafka.topology.RecordOutcomeListener;
import chatql.kafka.topology.RecordOutcomeMetrics;
import chatql.kafka.topology.RepairCheckpoints;
import chatql.kafka.topology.RepairProgress;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** The topology that turns the log into timelines and usernames, and the repairs of records that it cannot store. */
@Configuration(proxyBeanMethods = false)
class TopologyConfiguration {
    @Bean
    StoreProgress storeProgress() {
        return new StoreProgress();
    }

    @Bean
    RecordOutcomeListener recordOutcomes(MeterRegistry meters) {
        return new RecordOutcomeMetrics(meters);
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
    HistoryTopology historyTopology(
            TopicSettings topics,
            Epoch epoch,
            StoreProgress storeProgress,
            RepairProgress repairProgress,
            RecordOutcomeListener recordOutcomes) {
        return new HistoryTopology(topics, epoch.epochs(), storeProgress, repairProgress, recordOutcomes);
    }
}
