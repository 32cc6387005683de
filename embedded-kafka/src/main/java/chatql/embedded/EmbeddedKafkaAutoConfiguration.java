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

/** Where no broker is named, starts one and points everything that asks Boot for Kafka's address to it. */
@AutoConfiguration(before = KafkaAutoConfiguration.class)
@Conditional(NoBrokerNamed.class)
@EnableConfigurationProperties(EmbeddedKafkaProperties.class)
final class EmbeddedKafkaAutoConfiguration {
    private static final Log log = LogFactory.getLog(EmbeddedKafkaAutoConfiguration.class);

    @Bean(destroyMethod = "close")
    EmbeddedKafka embeddedKafka(EmbeddedKafkaProperties properties, ObjectProvider<StartingBroker> starting) {
        var kafka =
                starting.getIfAvailable(() -> new StartingBroker(properties)).take();
        log.info("No Kafka is named: an embedded broker serves at " + kafka.bootstrapServers() + ", its log is in "
                + properties.logDirectory().toAbsolutePath().normalize()
                + (properties.embeddedKafka().fsync()
                        ? ", and each record is flushed to disk"
                        : "; when this machine loses power, it may lose what it acknowledged in the last half minute, unless"
                                + " CHATQL_EMBEDDED_KAFKA_FSYNC=true"));
        return kafka;
    }

    /** Whoever uses the broker holds these details, so that the container closes the broker last. */
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
