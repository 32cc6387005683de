package chatql;

import chatql.delivery.BufferLimits;
import chatql.delivery.Subscriptions;
import chatql.delivery.Tap;
import chatql.graphql.GraphQlConfiguration;
import chatql.graphql.fastpath.FastPathConfiguration;
import chatql.history.History;
import chatql.kafka.KafkaEdgeConfiguration;
import chatql.message.MessageLog;
import chatql.message.MessagePublisher;
import chatql.security.SecurityHeaders;
import chatql.web.AsyncApiConfiguration;
import chatql.web.ChatPageConfiguration;
import chatql.web.GraphiqlConfiguration;
import chatql.web.PageSettings;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.server.WebFilter;

/** Wires what serves clients: the GraphQL API, the pages and the AsyncAPI document. */
@Configuration(proxyBeanMethods = false)
@Import({
    KafkaEdgeConfiguration.class,
    GraphQlConfiguration.class,
    FastPathConfiguration.class,
    ChatPageConfiguration.class,
    GraphiqlConfiguration.class,
    AsyncApiConfiguration.class
})
@EnableConfigurationProperties({DeliverySettings.class, MessageSettings.class, PageSettings.class})
class EdgeConfiguration {
    @Bean
    BufferLimits bufferLimits(DeliverySettings settings) {
        return settings.bufferLimits();
    }

    @Bean
    WebFilter protectiveHeaders() {
        return new SecurityHeaders();
    }

    @Bean
    MessagePublisher messagePublisher(MessageLog log, MessageSettings settings) {
        return new MessagePublisher(log, (int) settings.maxContentSize().toBytes());
    }

    @Bean
    Subscriptions subscriptions(MessageLog log, Tap tap, History history, DeliverySettings settings) {
        return new Subscriptions(log, tap, history, settings.historyTimeout(), settings.pages());
    }
}
