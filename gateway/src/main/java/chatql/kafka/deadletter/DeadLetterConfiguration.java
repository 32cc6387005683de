package chatql.kafka.deadletter;

import chatql.kafka.client.Appender;
import chatql.kafka.client.ClientSettings;
import chatql.kafka.client.WholeTopic;
import chatql.kafka.failure.NoBroker;
import chatql.kafka.topic.TopicSettings;
import chatql.message.DeadLetters;
import chatql.tracing.MessageTraces;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.StringUtils;

/** What it takes to look at dead letters, and nothing of a gateway: it runs nothing and creates no topic. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicSettings.class)
public class DeadLetterConfiguration {
    @Bean(destroyMethod = "dispose")
    Appender appender(ProducerFactory<?, ?> configured) {
        return new Appender(ClientSettings.appender(configured.getConfigurationProperties()), MessageTraces.NONE);
    }

    @Bean
    DeadLetters deadLetters(
            KafkaConnectionDetails broker, ConsumerFactory<?, ?> configured, TopicSettings topics, Appender appender) {
        if (broker.getBootstrapServers().stream().noneMatch(StringUtils::hasText)) {
            throw new NoBroker("No Kafka cluster is named: set KAFKA_BOOTSTRAP_SERVERS to host:port,…");
        }
        var letters =
                new WholeTopic(ClientSettings.reader(configured.getConfigurationProperties()), topics.deadLetters());
        return new DeadLetterTopic(letters, topics, appender);
    }
}
