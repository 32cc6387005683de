package chatql.kafka;

import java.net.URI;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** History for a pod that keeps none: it asks the history pods, at one address for them all. */
@Configuration(proxyBeanMethods = false)
public class RemoteHistoryConfiguration {
    @Bean
    Cluster cluster(HistorySettings settings, PeerClient peers, TopicSettings topics) {
        URI url = settings.requiredUrl();
        Keeper any = peers.any(url);
        return new Cluster((store, partition) -> any, topics, settings.catchUp());
    }

    @Bean
    ReactiveHealthIndicator historyHealthIndicator(HistorySettings settings) {
        return KafkaHealth.elsewhere(settings.requiredUrl());
    }
}
