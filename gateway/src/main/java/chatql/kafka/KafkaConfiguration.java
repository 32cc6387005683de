package chatql.kafka;

import chatql.kafka.client.DurableProducer;
import chatql.kafka.client.KafkaClientConfigs;
import chatql.kafka.client.MetadataUpdates;
import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.client.ProducerShutdown;
import chatql.kafka.client.QuickAdmin;
import chatql.kafka.client.TopicScan;
import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.failure.BootstrapServersMissing;
import chatql.kafka.identity.Epoch;
import chatql.kafka.identity.IdentityCheckedProducer;
import chatql.kafka.identity.LogEndFile;
import chatql.kafka.identity.LogEnds;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.identity.LogLosses;
import chatql.kafka.identity.LogMarks;
import chatql.kafka.identity.StartupLossCheck;
import chatql.kafka.identity.TruncationWatch;
import chatql.kafka.peer.PeerClient;
import chatql.kafka.store.Source;
import chatql.kafka.streams.DataSettings;
import chatql.kafka.streams.HistorySettings;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.LogIdentity;
import chatql.kafka.topic.TopicProvisioner;
import chatql.kafka.topic.TopicSettings;
import chatql.lifecycle.RestartRequested;
import chatql.limit.AnswerBudget;
import chatql.message.Epochs;
import chatql.metrics.Meters;
import chatql.tracing.MessageTracing;
import chatql.user.CallerAuthenticator;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.StringUtils;
import reactor.core.scheduler.Schedulers;

/** What every pod needs of Kafka and of the other pods, assembled on Boot's configuration of Kafka. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DataSettings.class, TopicSettings.class, HistorySettings.class})
public class KafkaConfiguration {
    @Bean(destroyMethod = "close")
    Admin admin(KafkaAdmin configured, KafkaConnectionDetails broker) {
        if (broker.getBootstrapServers().stream().noneMatch(StringUtils::hasText)) {
            throw new BootstrapServersMissing();
        }
        return new QuickAdmin(configured.getConfigurationProperties());
    }

    /** @param authentication comes first: a start without a valid configuration of it creates no topic */
    @Bean
    LogIdentity logIdentity(TopicSettings topics, Admin admin, CallerAuthenticator authentication) {
        return new TopicProvisioner(topics, admin).prepare();
    }

    @Bean
    LogEnds logEnds(Admin admin, ConsumerFactory<?, ?> configured, TopicSettings topics, LogIdentity started) {
        return new LogEnds(
                admin,
                KafkaClientConfigs.reader(configured.getConfigurationProperties()),
                topics.messages(),
                topics.partitions(),
                Schedulers.boundedElastic());
    }

    @Bean
    TopicScan repairCheckpointsTopic(ConsumerFactory<?, ?> configured, TopicSettings topics) {
        return new TopicScan(
                KafkaClientConfigs.reader(configured.getConfigurationProperties()), topics.repairCheckpoints());
    }

    @Bean
    LogLosses logLosses(
            TopicScan repairCheckpointsTopic,
            TopicSettings topics,
            LogIdentity started,
            DurableProducer durableProducer,
            Admin admin) {
        return new LogLosses(
                repairCheckpointsTopic,
                topics.repairCheckpoints(),
                started.epoch(topics.messages()),
                durableProducer,
                admin,
                Schedulers.boundedElastic());
    }

    @Bean
    LogMarks logMarks(TopicSettings topics) {
        return new LogMarks(topics.partitions());
    }

    @Bean
    TruncationWatch truncationWatch(
            TopicSettings topics,
            LogEnds ends,
            LogMarks marks,
            LogLosses losses,
            Epoch served,
            LogIdentityWatch watch,
            ObjectProvider<StoreProgress> storeProgress,
            ObjectProvider<LogEndFile> file,
            MeterRegistry meters,
            ApplicationContext context) {
        StoreProgress history = storeProgress.getIfAvailable(StoreProgress::new);
        Counter lost = Meters.LOG_LOST.counter(meters);
        return new TruncationWatch(
                topics.messages(),
                ends,
                marks,
                losses,
                served.epochs(),
                watch,
                partition -> history.reached(Source.inbox(partition)),
                new TruncationWatch.Listener() {
                    @Override
                    public void lost(long records) {
                        lost.increment((double) records);
                    }

                    @Override
                    public void epochsChanged() {
                        context.publishEvent(new RestartRequested(context));
                    }
                },
                file.getIfAvailable(),
                Schedulers.parallel(),
                Schedulers.boundedElastic());
    }

    /** What the log has lost while this pod was away is found before anything is made of it. */
    @Bean
    Epoch epoch(
            TopicSettings topics,
            LogIdentity started,
            LogLosses losses,
            LogEnds ends,
            ObjectProvider<LogEndFile> file) {
        losses.read();
        file.ifAvailable(kept -> new StartupLossCheck(topics.messages(), ends, losses, kept).find());
        return new Epoch(
                started.epoch(topics.messages()),
                losses.epochs(),
                started.fingerprint(topics.messages(), topics.sent(), topics.users()) + fingerprint(losses.epochs()));
    }

    private static String fingerprint(Epochs epochs) {
        return epochs.losses().isEmpty()
                ? ""
                : "-" + Integer.toHexString(epochs.losses().hashCode());
    }

    @Bean
    LogIdentityWatch logIdentityWatch(TopicSettings topics, LogIdentity started, Admin admin) {
        return new LogIdentityWatch(
                started, () -> TopicProvisioner.now(topics, admin), Schedulers.parallel(), System::nanoTime);
    }

    @Bean
    MetadataUpdates metadataUpdates() {
        return new MetadataUpdates();
    }

    @Bean
    ProducerShutdown producerShutdown(DurableProducer durableProducer) {
        return new ProducerShutdown(durableProducer);
    }

    @Bean(destroyMethod = "dispose")
    DurableProducer durableProducer(
            ProducerFactory<?, ?> configured, LogIdentity started, MetadataUpdates updates, MessageTracing traces) {
        return new DurableProducer(
                KafkaClientConfigs.producer(configured.getConfigurationProperties(), started, updates), traces);
    }

    @Bean
    IdentityCheckedProducer identityCheckedProducer(
            DurableProducer durableProducer,
            LogIdentityWatch watch,
            MetadataUpdates updates,
            TruncationWatch truncation,
            TopicSettings topics) {
        return new IdentityCheckedProducer(
                durableProducer,
                watch,
                updates,
                truncation,
                topics.messages(),
                new KeyPartitioner(topics.partitions()));
    }

    @Bean
    PartitionOffsets partitionOffsets(Admin admin, TopicSettings topics) {
        return new PartitionOffsets(admin, topics.messages(), new KeyPartitioner(topics.partitions()));
    }

    @Bean(destroyMethod = "dispose")
    PeerClient peers(
            HistorySettings settings, ReactorResourceFactory netty, MessageTracing traces, AnswerBudget budget) {
        return new PeerClient(
                netty.getLoopResources(), settings.catchUpTimeout().multipliedBy(2), traces.calls(), budget);
    }

    @Bean
    ReactiveHealthIndicator brokerHealthIndicator(Admin admin) {
        return KafkaHealth.broker(admin);
    }

    @Bean
    ReactiveHealthIndicator logHealthIndicator(LogIdentityWatch watch) {
        return KafkaHealth.log(watch::reasons);
    }
}
