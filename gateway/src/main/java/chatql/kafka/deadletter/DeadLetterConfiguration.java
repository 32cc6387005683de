package chatql.kafka.deadletter;

import chatql.kafka.client.DurableProducer;
import chatql.kafka.client.KafkaClientConfigs;
import chatql.kafka.client.TopicScan;
import chatql.kafka.failure.BootstrapServersMissing;
import chatql.kafka.topic.TopicSettings;
import chatql.message.DeadLetters;
import chatql.tracing.MessageTracing;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.StringUtils;

/** The beans of the dead-letter command. It starts no gateway and creates no topic. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicSettings.class)
public class DeadLetterConfiguration {
    @Bean(destroyMethod = "dispose")
    DurableProducer durableProducer(ProducerFactory<?, ?> configured) {
        return new DurableProducer(
                KafkaClientConfigs.producer(configured.getConfigurationProperties()), MessageTracing.NONE);
    }

    @Bean
    DeadLetters deadLetters(
            KafkaConnectionDetails broker,
            ConsumerFactory<?, ?> configured,
            TopicSettings topics,
            DurableProducer durableProducer) {
        if (broker.getBootstrapServers().stream().noneMatch(StringUtils::hasText)) {
            throw new BootstrapServersMissing(
                    "No Kafka cluster is configured: set KAFKA_BOOTSTRAP_SERVERS to host:port,…");
        }
        var topicScan =
                new TopicScan(KafkaClientConfigs.reader(configured.getConfigurationProperties()), topics.deadLetters());
        return new DeadLetterTopic(topicScan, topics, durableProducer);
    }
}
