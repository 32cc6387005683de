package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@ExtendWith(KafkaBroker.class)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class GatewayIT {
    @Autowired
    KafkaConnectionDetails connection;

    @Autowired
    KafkaAdmin admin;

    @DynamicPropertySource
    static void broker(DynamicPropertyRegistry properties) {
        properties.add("spring.kafka.bootstrap-servers", KafkaBroker::bootstrapServers);
        properties.add("chatql.auth.mode", () -> "none");
        properties.add("server.address", () -> "127.0.0.1");
    }

    @Test
    void gatewayUsesConfiguredCluster() {
        assertThat(connection.getBootstrapServers()).containsExactly(KafkaBroker.bootstrapServers());
        assertThat(admin.clusterId()).isNotBlank();
    }
}
