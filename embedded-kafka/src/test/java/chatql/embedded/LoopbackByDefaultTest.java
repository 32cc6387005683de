package chatql.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

class LoopbackByDefaultTest {
    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void gatewayBindsToLoopbackWhenNoBrokerIsConfigured() {
        environment.setProperty("spring.kafka.bootstrap-servers", "");
        environment.setProperty("management.server.port", "8081");

        process();

        assertThat(environment.getProperty("server.address")).isEqualTo("127.0.0.1");
        assertThat(environment.getProperty("management.server.address")).isEqualTo("127.0.0.1");
    }

    @Test
    void configuredAddressIsKept() {
        environment.setProperty("server.address", "0.0.0.0");

        process();

        assertThat(environment.getProperty("server.address")).isEqualTo("0.0.0.0");
    }

    @Test
    void managementAddressIsSetForSeparatePortOnly() {
        environment.setProperty("server.port", "9000");
        environment.setProperty("management.server.port", "9000");

        process();

        assertThat(environment.getProperty("management.server.address")).isNull();
    }

    @Test
    void addressIsUnchangedWhenBrokerIsConfigured() {
        environment.setProperty("spring.kafka.bootstrap-servers", "kafka.example:9092");

        process();

        assertThat(environment.getProperty("server.address")).isNull();
    }

    private void process() {
        new LoopbackByDefault().postProcessEnvironment(environment, new SpringApplication());
    }
}
