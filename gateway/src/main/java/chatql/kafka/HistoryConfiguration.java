package chatql.kafka;

import chatql.kafka.identity.Epoch;
import chatql.kafka.peer.PeerAdmission;
import chatql.kafka.peer.PeerRoutes;
import chatql.kafka.peer.RoutedQueries;
import chatql.kafka.query.LocalQueries;
import chatql.kafka.topic.TopicSettings;
import chatql.limit.LimitConfiguration;
import chatql.limit.LimitMetrics;
import chatql.limit.LimitSettings;
import chatql.tracing.TracedPaths;
import chatql.user.CallerAuthenticator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** A history pod: it stores its share of the partitions, answers queries of it, and serves other pods over HTTP. */
@Configuration(proxyBeanMethods = false)
@Import({
    LimitConfiguration.class,
    TopologyConfiguration.class,
    StreamsConfiguration.class,
    StoreQueriesConfiguration.class
})
public class HistoryConfiguration {
    @Bean
    TracedPaths peerPaths() {
        return new TracedPaths(path -> path.startsWith(PeerRoutes.OWN) || path.startsWith(PeerRoutes.ANY));
    }

    /** One for both kinds of routes: a pod sends requests to either. */
    @Bean
    PeerAdmission peerAdmission(LimitSettings limits, LimitMetrics limitMetrics) {
        return new PeerAdmission(limits, limitMetrics);
    }

    @Bean
    RouterFunction<ServerResponse> ownRoutes(
            LocalQueries local, CallerAuthenticator callerAuthenticator, Epoch epoch, TopicSettings topics) {
        return new PeerRoutes(local, callerAuthenticator, epoch.value(), topics).routes(PeerRoutes.OWN);
    }

    @Bean
    RouterFunction<ServerResponse> anyRoutes(
            RoutedQueries routedQueries, CallerAuthenticator callerAuthenticator, Epoch epoch, TopicSettings topics) {
        return new PeerRoutes(routedQueries, callerAuthenticator, epoch.value(), topics).routes(PeerRoutes.ANY);
    }
}
