package chatql.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The chart sets the gateway's settings under the names that the gateway reads. */
@NeedsHelm
class EnvironmentTest {
    /** Variables of the launcher and of OpenTelemetry, and those of which others are composed. */
    private static final Set<String> OTHERS = Set.of("JDK_JAVA_OPTIONS", "POD_NAME", "OTEL_RESOURCE_ATTRIBUTES");

    @ParameterizedTest
    @EnumSource
    void everyVariableIsRead(Installation installation) {
        assertThat(names(installation)).allMatch(name -> Gateway.reads(name) || OTHERS.contains(name));
    }

    @Test
    void saslAndCertificatesReachKafkaClients() {
        Map<String, Object> client = clients(Installation.EVERYTHING);

        assertThat(client)
                .containsEntry("bootstrap.servers", List.of("kafka-1.example.com:9093", "kafka-2.example.com:9093"))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("sasl.jaas.config", "jaas of kafka-login")
                .containsEntry("ssl.truststore.type", "PEM")
                .containsEntry("ssl.truststore.certificates", "ca.crt of kafka-ca")
                .containsEntry("ssl.keystore.type", "PEM")
                .containsEntry("ssl.keystore.certificate.chain", "tls.crt of kafka-client")
                .containsEntry("ssl.keystore.key", "tls.key of kafka-client");
    }

    @Test
    void strimziCredentialsReachKafkaClients() {
        Map<String, Object> client = clients(Installation.STRIMZI);

        assertThat(client)
                .containsEntry("bootstrap.servers", List.of("chatql-kafka-bootstrap:9093"))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("sasl.jaas.config", "sasl.jaas.config of chatql")
                .containsEntry("ssl.truststore.certificates", "ca.crt of chatql-cluster-ca-cert");
    }

    @Test
    void kafkaClientsUsePlaintextWithoutSecurityValues() {
        assertThat(clients(Installation.SPLIT))
                .containsEntry("security.protocol", "PLAINTEXT")
                .doesNotContainKeys("sasl.mechanism", "sasl.jaas.config", "ssl.truststore.type");
    }

    @Test
    void tracesGoToConfiguredCollectorWithPodName() {
        assertThat(Installation.EVERYTHING.settings())
                .containsEntry(
                        "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT",
                        "http://collector.observability:4318/v1/traces")
                .containsEntry("MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "0.01");
        assertThat(Installation.EVERYTHING.workloads())
                .allSatisfy(workload -> assertThat(workload.env("OTEL_RESOURCE_ATTRIBUTES"))
                        .contains("service.instance.id=$(POD_NAME)"));
        assertThat(names(Installation.SPLIT)).noneMatch(name -> name.contains("TRACING") || name.startsWith("OTEL"));
    }

    /** The settings as Spring Boot binds them from the environment of each pod, which must be equal. */
    private static Map<String, Object> clients(Installation installation) {
        List<Map<String, Object>> each = installation.workloads().stream()
                .map(workload -> bind(environment(installation, workload)))
                .distinct()
                .toList();
        assertThat(each).hasSize(1);
        return each.getFirst();
    }

    private static Map<String, Object> bind(Map<String, Object> variables) {
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment.getPropertySources().addFirst(new SystemEnvironmentPropertySource("systemEnvironment", variables));
        ConfigurationPropertySources.attach(environment);
        return Binder.get(environment)
                .bind("spring.kafka", KafkaProperties.class)
                .get()
                .buildAdminProperties();
    }

    /** The environment that a container of the pod would have, with a Secret's key and name in place of its content. */
    private static Map<String, Object> environment(Installation installation, Workload workload) {
        Map<String, Object> variables = new HashMap<>(installation.settings());
        // As in gateway/src/main/resources/application.yaml.
        variables.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", installation.settings().get("KAFKA_BOOTSTRAP_SERVERS"));
        workload.container().getEnv().forEach(variable -> variables.put(variable.getName(), value(variable)));
        return variables;
    }

    private static String value(EnvVar variable) {
        return Optional.ofNullable(variable.getValue()).orElseGet(() -> {
            SecretKeySelector secret = variable.getValueFrom().getSecretKeyRef();
            return secret == null ? variable.getName() : secret.getKey() + " of " + secret.getName();
        });
    }

    private static List<String> names(Installation installation) {
        return Stream.concat(
                        installation.settings().keySet().stream(),
                        installation.workloads().stream()
                                .flatMap(workload ->
                                        workload.container().getEnv().stream().map(EnvVar::getName)))
                .distinct()
                .toList();
    }
}
