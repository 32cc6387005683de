package chatql.kafka;

import chatql.tracing.MessageTraces;
import chatql.user.Callers;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.StringUtils;
import reactor.core.scheduler.Schedulers;

/** What every pod needs of Kafka and of the other pods, assembled on Boot's configuration of Kafka. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DataSettings.class, TopicSettings.class, HistorySettings.class})
public class KafkaConfiguration {
    /**
     * Which life of the topic of messages this is; nothing else of Kafka begins before the topics are as they must be.
     *
     * @param sources short for the topics of messages, of sent messages and of users as they are now
     */
    record Epoch(long value, String sources) {}

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
    Epoch epoch(TopicSettings topics, LogIdentity started) {
        return new Epoch(
                started.epoch(topics.messages()),
                started.fingerprint(topics.messages(), topics.sent(), topics.users()));
    }

    @Bean
    LogIdentityWatch logIdentityWatch(TopicSettings topics, LogIdentity started, Admin admin) {
        return new LogIdentityWatch(started, () -> Topics.now(topics, admin), Schedulers.parallel(), System::nanoTime);
    }

    @Bean
    MetadataUpdates metadataUpdates() {
        return new MetadataUpdates();
    }

    @Bean(destroyMethod = "dispose")
    Appender appender(
            ProducerFactory<?, ?> configured, LogIdentity started, MetadataUpdates updates, MessageTraces traces) {
        return new Appender(ClientSettings.appender(configured.getConfigurationProperties(), started, updates), traces);
    }

    @Bean
    CheckedAppender checkedAppender(Appender appender, LogIdentityWatch watch, MetadataUpdates updates) {
        return new CheckedAppender(appender, watch, updates);
    }

    @Bean
    Offsets offsets(Admin admin, TopicSettings topics) {
        return new Offsets(admin, topics.messages(), new Partitions(topics.partitions()));
    }

    @Bean(destroyMethod = "dispose")
    PeerClient peers(HistorySettings settings, ReactorResourceFactory netty, MessageTraces traces) {
        return new PeerClient(netty.getLoopResources(), settings.catchUp().multipliedBy(2), traces.calls());
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
