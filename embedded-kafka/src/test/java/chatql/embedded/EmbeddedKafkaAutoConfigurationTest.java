package chatql.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class EmbeddedKafkaAutoConfigurationTest {
    private final ApplicationContextRunner gateway = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(EmbeddedKafkaAutoConfiguration.class, KafkaAutoConfiguration.class));

    @Test
    void noEmbeddedBrokerStartsWhenBrokerIsConfigured() {
        gateway.withPropertyValues("spring.kafka.bootstrap-servers=kafka.example:9092")
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedKafka.class);
                    assertThat(context.getBean(KafkaConnectionDetails.class).getBootstrapServers())
                            .containsExactly("kafka.example:9092");
                });
    }

    @Test
    void noEmbeddedBrokerStartsWhenBrokerListIsConfigured() {
        gateway.withPropertyValues(
                        "spring.kafka.bootstrap-servers[0]=one.example:9092",
                        "spring.kafka.bootstrap-servers[1]=two.example:9092")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedKafka.class));
    }
}
