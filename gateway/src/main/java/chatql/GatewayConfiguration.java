package chatql;

import chatql.graphql.transport.ConnectionLimitsConfiguration;
import chatql.kafka.KafkaConfiguration;
import chatql.security.SecurityConfiguration;
import chatql.setting.UnknownPropertyCheck;
import chatql.tracing.TracingConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Wires the gateway by the roles of this pod. */
@Configuration(proxyBeanMethods = false)
@Import({
    KafkaConfiguration.class,
    SecurityConfiguration.class,
    TracingConfiguration.class,
    ConnectionLimitsConfiguration.class,
    RoleImportSelector.class
})
@EnableConfigurationProperties(RoleSettings.class)
class GatewayConfiguration {
    @Bean
    static UnknownPropertyCheck unknownPropertyCheck(ConfigurableEnvironment environment) {
        return new UnknownPropertyCheck(environment);
    }

    @Bean
    DroppedErrors droppedErrors() {
        return new DroppedErrors();
    }

    @Bean
    StartupLog startupLog(RoleSettings settings, KafkaConnectionDetails kafka, Environment environment) {
        return new StartupLog(settings, kafka, environment);
    }
}
