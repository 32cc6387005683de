package chatql.kafka;

import chatql.delivery.BufferLimits;
import chatql.delivery.SubscriberRegistry;
import chatql.history.History;
import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.consistency.ReadYourWrites;
import chatql.kafka.identity.Epoch;
import chatql.kafka.identity.IdentityCheckedProducer;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.identity.LogMarks;
import chatql.kafka.peer.RoutedQueries;
import chatql.kafka.tap.KafkaTap;
import chatql.kafka.tap.PartitionFeed;
import chatql.kafka.tap.TapConsumerConfig;
import chatql.kafka.tap.TapLag;
import chatql.kafka.tap.TapMetrics;
import chatql.kafka.tap.TapSettings;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.TopicSettings;
import chatql.message.MessageLog;
import chatql.metrics.Meters;
import chatql.tracing.MessageTracing;
import chatql.user.UserDirectory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** An edge pod: the log, the tap, and queries of the pods that store history and usernames. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TapSettings.class)
public class KafkaEdgeConfiguration {
    @Bean
    ReadYourWrites readYourWrites() {
        return new ReadYourWrites();
    }

    @Bean
    MessageLog messageLog(
            TopicSettings topics,
            Epoch epoch,
            IdentityCheckedProducer appender,
            LogIdentityWatch watch,
            PartitionOffsets partitionOffsets,
            RoutedQueries history,
            ReadYourWrites written,
            MeterRegistry meters) {
        var idempotentAppend = new IdempotentAppend(history::duplicateLookup, Clock.systemUTC());
        appender.prepare(List.of(topics.messages(), topics.users()));
        Counter appended = Meters.MESSAGES_APPENDED.counter(meters);
        return new KafkaMessageLog(
                topics.messages(), epoch.epochs(), appender, watch, partitionOffsets, idempotentAppend, message -> {
                    written.note(message);
                    appended.increment();
                });
    }

    @Bean
    KafkaTap tap(
            ConsumerFactory<?, ?> configured,
            TopicSettings topics,
            TapSettings settings,
            BufferLimits bufferLimits,
            Epoch epoch,
            PartitionOffsets partitionOffsets,
            LogIdentityWatch watch,
            LogMarks marks,
            MessageTracing traces) {
        return new KafkaTap(
                topics.messages(),
                epoch.epochs(),
                new KeyPartitioner(topics.partitions()),
                partitionOffsets,
                watch,
                marks,
                TapConsumerConfig.of(configured.getConfigurationProperties(), settings),
                (partition, partitionControl) -> new PartitionFeed(
                        partition,
                        partitionControl,
                        settings.idleCloseDelay(),
                        Schedulers.parallel(),
                        new SubscriberRegistry(bufferLimits, Schedulers.parallel())),
                traces);
    }

    @Bean
    MeterBinder tapMetrics(KafkaTap tap) {
        return new TapMetrics(tap);
    }

    @Bean
    TapLag tapLag(KafkaTap tap, MeterRegistry meters) {
        return new TapLag(Mono.defer(tap::lags), meters, Schedulers.parallel());
    }

    @Bean
    ReactiveHealthIndicator tapHealthIndicator(KafkaTap tap) {
        return KafkaHealth.tap(tap::failure);
    }

    @Bean
    History history(
            RoutedQueries keeper, ReadYourWrites written, Epoch epoch, TopicSettings topics, LogIdentityWatch watch) {
        return new KafkaHistory(
                keeper, written, epoch.epochs(), topics.partitions(), page -> watch.unchanged(topics.messages(), page));
    }

    @Bean
    UserDirectory userDirectory(TopicSettings topics, IdentityCheckedProducer appender, RoutedQueries keeper) {
        return new KafkaUserDirectory(topics, appender, keeper);
    }
}
