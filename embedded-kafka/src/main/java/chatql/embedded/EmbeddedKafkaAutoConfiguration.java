package chatql.embedded;

import java.util.List;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** Starts an embedded broker if no broker is configured, and makes it the Kafka connection of Spring Boot. */
@AutoConfiguration(before = KafkaAutoConfiguration.class)
@Conditional(NoBrokerNamed.class)
@EnableConfigurationProperties(EmbeddedKafkaProperties.class)
final class EmbeddedKafkaAutoConfiguration {
    private static final Log log = LogFactory.getLog(EmbeddedKafkaAutoConfiguration.class);

    @Bean(destroyMethod = "close")
    EmbeddedKafka embeddedKafka(EmbeddedKafkaProperties properties, ObjectProvider<StartingBroker> starting) {
        var kafka =
                starting.getIfAvailable(() -> new StartingBroker(properties)).take();
        log.info("No Kafka cluster is configured: an embedded broker serves at " + kafka.bootstrapServers()
                + ", its log is in "
                + properties.logDirectory().toAbsolutePath().normalize()
                + (properties.embeddedKafka().fsync()
                        ? ", and each record is flushed to disk"
                        : "; a power loss may lose records acknowledged in the last half minute, unless"
                                + " CHATQL_EMBEDDED_KAFKA_FSYNC=true"));
        return kafka;
    }

    /** Beans that use the broker depend on these details, so that the container closes the broker last. */
    @Bean
    KafkaConnectionDetails embeddedKafkaConnectionDetails(EmbeddedKafka kafka) {
        return new EmbeddedKafkaConnectionDetails(List.of(kafka.bootstrapServers()));
    }

    private record EmbeddedKafkaConnectionDetails(List<String> bootstrapServers) implements KafkaConnectionDetails {
        @Override
        public List<String> getBootstrapServers() {
            return bootstrapServers;
        }
    }
}
