package chatql.kafka;

import chatql.kafka.peer.Cluster;
import chatql.kafka.peer.PeerClient;
import chatql.kafka.query.Keeper;
import chatql.kafka.query.TimedKeeper;
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
    Cluster cluster(HistorySettings settings, PeerClient peers, TopicSettings topics, MeterRegistry meters) {
        URI url = settings.requiredUrl();
        Keeper any = new TimedKeeper(peers.any(url), TimedKeeper.Watches.remote(meters));
        return new Cluster((store, partition) -> any, topics, settings.catchUp());
    }

    @Bean
    ReactiveHealthIndicator historyHealthIndicator(HistorySettings settings) {
        return KafkaHealth.elsewhere(settings.requiredUrl());
    }
}
