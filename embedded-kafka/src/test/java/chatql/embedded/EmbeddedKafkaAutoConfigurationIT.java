package chatql.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.core.KafkaAdmin;

@Timeout(60)
class EmbeddedKafkaAutoConfigurationIT {
    @TempDir
    Path data;

    private final ApplicationContextRunner gateway = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(EmbeddedKafkaAutoConfiguration.class, KafkaAutoConfiguration.class))
            .withPropertyValues("spring.kafka.bootstrap-servers= ");

    @Test
    void embeddedBrokerIsUsedWhenNoneIsConfigured() {
        gateway.withPropertyValues("chatql.data-dir=" + data).run(context -> {
            var bootstrapServers = context.getBean(EmbeddedKafka.class).bootstrapServers();

            assertThat(context.getBean(KafkaConnectionDetails.class).getBootstrapServers())
                    .containsExactly(bootstrapServers);
            assertThat(context.getBean(KafkaAdmin.class).clusterId()).isNotBlank();
            assertThat(data.resolve("kafka/meta.properties")).exists();
        });
    }

    @Test
    void dataDirectoryIsReleasedWhenContextCloses() throws Exception {
        gateway.withPropertyValues("chatql.data-dir=" + data)
                .run(context -> assertThat(context).hasNotFailed());

        try (var next = EmbeddedKafka.start(data.resolve("kafka"))) {
            new Records(next.bootstrapServers()).createTopic();
        }
    }

    @Test
    void secondGatewayOnSameDataDirectoryFailsWithReason() {
        var first = gateway.withPropertyValues("chatql.data-dir=" + data);

        first.run(running -> first.run(second -> assertThat(second.getStartupFailure())
                .rootCause()
                .isInstanceOf(EmbeddedKafkaUnavailable.class)
                .hasMessageContaining("is in use by another gateway")));
    }
}
