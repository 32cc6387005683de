package chatql.kafka;

import chatql.kafka.client.Appender;
import chatql.kafka.client.AppenderShutdown;
import chatql.kafka.client.ClientSettings;
import chatql.kafka.client.MetadataUpdates;
import chatql.kafka.client.Offsets;
import chatql.kafka.client.QuickAdmin;
import chatql.kafka.client.WholeTopic;
import chatql.kafka.consistency.Progress;
import chatql.kafka.failure.NoBroker;
import chatql.kafka.identity.CheckedAppender;
import chatql.kafka.identity.Epoch;
import chatql.kafka.identity.LogEndFile;
import chatql.kafka.identity.LogEnds;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.identity.LogLosses;
import chatql.kafka.identity.LogMarks;
import chatql.kafka.identity.LossesAtStart;
import chatql.kafka.identity.TruncationWatch;
import chatql.kafka.peer.PeerClient;
import chatql.kafka.store.Source;
import chatql.kafka.streams.DataSettings;
import chatql.kafka.streams.HistorySettings;
import chatql.kafka.topic.LogIdentity;
import chatql.kafka.topic.Partitions;
import chatql.kafka.topic.TopicSettings;
import chatql.kafka.topic.Topics;
import chatql.limit.AnswerBudget;
import chatql.message.Epochs;
import chatql.metrics.Meters;
import chatql.tracing.MessageTraces;
import chatql.user.Callers;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
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
            throw new NoBroker();
        }
        return new QuickAdmin(configured.getConfigurationProperties());
    }

    /** @param door that it is known who may come in: a start that is refused for want of it leaves nothing behind */
    @Bean
    LogIdentity logIdentity(TopicSettings topics, KafkaAdmin creator, Admin admin, Callers door) {
        return new Topics(topics, creator, admin).prepare();
    }

    @Bean
    LogEnds logEnds(Admin admin, ConsumerFactory<?, ?> configured, TopicSettings topics, LogIdentity started) {
        return new LogEnds(
                admin,
                ClientSettings.reader(configured.getConfigurationProperties()),
                topics.messages(),
                topics.partitions(),
                Schedulers.boundedElastic());
    }

    @Bean
    WholeTopic handledTopic(ConsumerFactory<?, ?> configured, TopicSettings topics) {
        return new WholeTopic(ClientSettings.reader(configured.getConfigurationProperties()), topics.handled());
    }

    @Bean
    LogLosses logLosses(
            WholeTopic handledTopic, TopicSettings topics, LogIdentity started, Appender appender, Admin admin) {
        return new LogLosses(
                handledTopic,
                topics.handled(),
                started.epoch(topics.messages()),
                appender,
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
            ObjectProvider<Progress> progress,
            ObjectProvider<LogEndFile> file,
            MeterRegistry meters) {
        Progress history = progress.getIfAvailable(Progress::new);
        return new TruncationWatch(
                topics.messages(),
                ends,
                marks,
                losses,
                served.epochs(),
                watch,
                partition -> history.reached(Source.inbox(partition)),
                Meters.LOG_LOST.counter(meters)::increment,
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
        file.ifAvailable(kept -> new LossesAtStart(topics.messages(), ends, losses, kept).find());
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
        return new LogIdentityWatch(started, () -> Topics.now(topics, admin), Schedulers.parallel(), System::nanoTime);
    }

    @Bean
    MetadataUpdates metadataUpdates() {
        return new MetadataUpdates();
    }

    @Bean
    AppenderShutdown appenderShutdown(Appender appender) {
        return new AppenderShutdown(appender);
    }

    @Bean(destroyMethod = "dispose")
    Appender appender(
            ProducerFactory<?, ?> configured, LogIdentity started, MetadataUpdates updates, MessageTraces traces) {
        return new Appender(ClientSettings.appender(configured.getConfigurationProperties(), started, updates), traces);
    }

    @Bean
    CheckedAppender checkedAppender(
            Appender appender,
            LogIdentityWatch watch,
            MetadataUpdates updates,
            TruncationWatch truncation,
            TopicSettings topics) {
        return new CheckedAppender(
                appender, watch, updates, truncation, topics.messages(), new Partitions(topics.partitions()));
    }

    @Bean
    Offsets offsets(Admin admin, TopicSettings topics) {
        return new Offsets(admin, topics.messages(), new Partitions(topics.partitions()));
    }

    @Bean(destroyMethod = "dispose")
    PeerClient peers(
            HistorySettings settings, ReactorResourceFactory netty, MessageTraces traces, AnswerBudget budget) {
        return new PeerClient(netty.getLoopResources(), settings.catchUp().multipliedBy(2), traces.calls(), budget);
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
