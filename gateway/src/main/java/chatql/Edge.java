package chatql;

import chatql.delivery.Bounds;
import chatql.delivery.Subscriptions;
import chatql.delivery.Tap;
import chatql.graphql.GraphQlConfiguration;
import chatql.history.History;
import chatql.kafka.EdgeConfiguration;
import chatql.message.MessageLog;
import chatql.message.Posting;
import chatql.security.ProtectiveHeaders;
import chatql.web.ChatPage;
import chatql.web.GraphiqlPage;
import chatql.web.PageSettings;
import chatql.web.TopicContract;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.server.WebFilter;

/** What serves clients. */
@Configuration(proxyBeanMethods = false)
@Import({EdgeConfiguration.class, GraphQlConfiguration.class, ChatPage.class, GraphiqlPage.class, TopicContract.class})
@EnableConfigurationProperties({DeliverySettings.class, MessageSettings.class, PageSettings.class})
class Edge {
    @Bean
    Bounds bounds(DeliverySettings settings) {
        return settings.bounds();
    }

    @Bean
    WebFilter protectiveHeaders() {
        return new ProtectiveHeaders();
    }

    @Bean
    Posting posting(MessageLog log, MessageSettings settings) {
        return new Posting(log, (int) settings.largestContent().toBytes());
    }

    @Bean
    Subscriptions subscriptions(MessageLog log, Tap tap, History history, DeliverySettings settings) {
        return new Subscriptions(log, tap, history, settings.patience(), settings.pages());
    }
}
