package chatql.kafka;

import chatql.delivery.Bounds;
import chatql.delivery.Listeners;
import chatql.history.History;
import chatql.kafka.client.Offsets;
import chatql.kafka.consistency.OwnWrites;
import chatql.kafka.identity.CheckedAppender;
import chatql.kafka.identity.Epoch;
import chatql.kafka.identity.LogIdentityWatch;
import chatql.kafka.identity.LogMarks;
import chatql.kafka.peer.Cluster;
import chatql.kafka.tap.KafkaTap;
import chatql.kafka.tap.Lane;
import chatql.kafka.tap.TapConsumerConfig;
import chatql.kafka.tap.TapLag;
import chatql.kafka.tap.TapMetrics;
import chatql.kafka.tap.TapSettings;
import chatql.kafka.topic.Partitions;
import chatql.kafka.topic.TopicSettings;
import chatql.message.MessageLog;
import chatql.metrics.Meters;
import chatql.tracing.MessageTraces;
import chatql.user.Directory;
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

/** What serves clients: the log, the tap, and history and the directory from whoever keeps them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TapSettings.class)
public class EdgeConfiguration {
    @Bean
    OwnWrites ownWrites() {
        return new OwnWrites();
    }

    @Bean
    MessageLog messageLog(
            TopicSettings topics,
            Epoch epoch,
            CheckedAppender appender,
            LogIdentityWatch watch,
            Offsets offsets,
            Cluster history,
            OwnWrites written,
            MeterRegistry meters) {
        var retries = new Retries(history::verdict, Clock.systemUTC());
        appender.prepare(List.of(topics.messages(), topics.users()));
        Counter appended = Meters.MESSAGES_APPENDED.counter(meters);
        return new KafkaMessageLog(topics.messages(), epoch.epochs(), appender, watch, offsets, retries, message -> {
            written.note(message);
            appended.increment();
        });
    }

    @Bean
    KafkaTap tap(
            ConsumerFactory<?, ?> configured,
            TopicSettings topics,
            TapSettings settings,
            Bounds bounds,
            Epoch epoch,
            Offsets offsets,
            LogIdentityWatch watch,
            LogMarks marks,
            MessageTraces traces) {
        return new KafkaTap(
                topics.messages(),
                epoch.epochs(),
                new Partitions(topics.partitions()),
                offsets,
                watch,
                marks,
                TapConsumerConfig.of(configured.getConfigurationProperties(), settings),
                (partition, valve) -> new Lane(
                        partition,
                        valve,
                        settings.linger(),
                        Schedulers.parallel(),
                        new Listeners(bounds, Schedulers.parallel())),
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
    History history(Cluster keeper, OwnWrites written, Epoch epoch, TopicSettings topics, LogIdentityWatch watch) {
        return new KafkaHistory(
                keeper, written, epoch.epochs(), topics.partitions(), page -> watch.unchanged(topics.messages(), page));
    }

    @Bean
    Directory directory(TopicSettings topics, CheckedAppender appender, Cluster keeper) {
        return new KafkaDirectory(topics, appender, keeper);
    }
}
