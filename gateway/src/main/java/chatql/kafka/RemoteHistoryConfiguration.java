package chatql.kafka;

import chatql.kafka.peer.PeerClient;
import chatql.kafka.peer.RoutedQueries;
import chatql.kafka.query.MeteredQueries;
import chatql.kafka.query.StoreQueries;
import chatql.kafka.streams.HistorySettings;
import chatql.kafka.topic.TopicSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** History for a pod that keeps none: it asks the history pods, at one address for them all. */
@Configuration(proxyBeanMethods = false)
public class RemoteHistoryConfiguration {
    @Bean
    RoutedQueries routedQueries(
            HistorySettings settings, PeerClient peers, TopicSettings topics, MeterRegistry meters) {
        URI url = settings.requiredUrl();
        StoreQueries any = new MeteredQueries(peers.any(url), MeteredQueries.Watches.remote(meters));
        return new RoutedQueries((store, partition) -> any, topics, settings.catchUpTimeout());
    }

    @Bean
    ReactiveHealthIndicator historyHealthIndicator(HistorySettings settings) {
        return KafkaHealth.elsewhere(settings.requiredUrl());
    }
}
