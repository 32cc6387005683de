package chatql.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class EmbeddedKafkaPropertiesTest {
    @Test
    void logIsBelowDirectoryOfEnvironmentVariable() {
        assertThat(bind(Map.of("CHATQL_DATA_DIR", "/var/chat")).logDirectory()).isEqualTo(Path.of("/var/chat/kafka"));
    }

    @Test
    void logIsBelowDataByDefault() {
        assertThat(bind(Map.of()).logDirectory()).isEqualTo(Path.of("./data/kafka"));
    }

    @Test
    void fsyncIsOffByDefaultAndFlushesEachRecordWhenOn() {
        assertThat(bind(Map.of()).embeddedKafka().fsync()).isFalse();
        boolean fsync = bind(Map.of("CHATQL_EMBEDDED_KAFKA_FSYNC", "true"))
                .embeddedKafka()
                .fsync();

        assertThat(BrokerSettings.of(Path.of("."), 1, 2, fsync)).containsEntry("log.flush.interval.messages", "1");
        assertThat(BrokerSettings.of(Path.of("."), 1, 2, false)).doesNotContainKey("log.flush.interval.messages");
    }

    private static EmbeddedKafkaProperties bind(Map<String, Object> variables) {
        var source = new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables);
        return new Binder(ConfigurationPropertySources.from(source))
                .bindOrCreate("chatql", EmbeddedKafkaProperties.class);
    }
}
