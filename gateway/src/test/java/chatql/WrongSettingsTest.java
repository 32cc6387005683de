package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** An invalid setting is reported in one line, before the gateway connects to Kafka. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(20)
class WrongSettingsTest {
    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            chatql.roles                      | ''
            chatql.data-dir                   | ' '
            chatql.topics.prefix              | chat/
            chatql.topics.partitions          | 0
            chatql.topics.user-partitions     | -3
            chatql.topics.replication-factor  | 0
            chatql.message.max-content-size    | 0
            chatql.message.max-content-size    | 1GB
            chatql.delivery.buffer-messages   | 0
            chatql.delivery.buffer-bytes      | 0
            chatql.delivery.history-timeout          | 0s
            chatql.delivery.history-timeout          | 25h
            chatql.tap.idle-close-delay                 | -1s
            chatql.tap.fetch-max-wait             | 0
            chatql.history.application-id     | ''
            chatql.history.application-id     | my app
            chatql.history.threads            | 0
            chatql.history.standby-replicas           | -1
            chatql.history.advertised-address            | gateway-1
            chatql.history.advertised-address            | gateway-1:0
            chatql.history.advertised-address            | gateway-1:65536
            chatql.history.advertised-address            | http://gateway-1:8080
            chatql.history.url                | history:8080
            chatql.history.url                | /history
            chatql.history.url                | ftp://history
            chatql.history.group-instance-id           | pod/1
            chatql.history.rocksdb-memory             | 1023KB
            chatql.history.catch-up-timeout           | 0ms
            chatql.history.page-messages      | 0
            chatql.history.page-bytes        | 0
            chatql.transport.path             | graphql
            chatql.transport.path             | /
            chatql.transport.allowed-hosts    | http://chat
            chatql.transport.max-body         | 0B
            chatql.transport.body-timeout     | 0
            chatql.transport.max-frame        | 2GB
            chatql.transport.init-timeout     | -5s
            chatql.transport.heartbeat        | 0s
            chatql.transport.read-timeout       | 0s
            chatql.transport.close-grace      | 0s
            chatql.transport.max-operations   | 0
            chatql.transport.write-high-water-mark   | 0
            chatql.transport.max-pending-control-bytes    | 0
            chatql.transport.send-buffer      | -1
            chatql.transport.drain-timeout            | -1s
            """)
    void disallowedValueIsReportedWithAllowedOnes(String name, String value, CapturedOutput output) throws Exception {
        refused("--" + name + "=" + value);

        assertThat(lines(output)).contains(name + " is \"" + value + "\" and must be " + allowed(name));
        assertThat(output).contains("It is set by", "commandLineArgs").doesNotContain("\tat ");
    }

    /** The allowed values, as docs/settings.md states them. */
    private static String allowed(String name) throws Exception {
        var row = Pattern.compile("(?m)^\\| `" + Pattern.quote(name) + "` (?:\\|[^|]+){2}\\| ([^|]+) \\|")
                .matcher(Files.readString(Path.of("../docs/settings.md")));
        assertThat(row.find()).as(name).isTrue();
        return row.group(1).replace("`", "");
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(textBlock = """
            chatql.roles, edge;history, 'one of edge, history'
            chatql.topics.partitions, twelve, a whole number
            chatql.topics.partitions, 99999999999, a whole number
            chatql.topics.replication-factor, 3.5, a whole number
            chatql.message.max-content-size, 16 kilos, 'a size, such as 64KB or 1MB'
            chatql.delivery.history-timeout, soon, 'a duration, such as 500ms, 5s or 1m'
            chatql.history.url, http://, 'a URL, such as http://history:8080'
            """)
    void unreadableValueIsReportedWithExpectedType(String name, String value, String kind, CapturedOutput output) {
        refused("--" + name + "=" + value);

        assertThat(lines(output)).contains(name + " is \"" + value + "\" and must be " + kind);
        assertThat(output).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"65536, a number from 0 to 65535", "-1, a number from 0 to 65535", "any, a whole number"})
    void embeddedBrokerPortIsCheckedBeforeBrokerStarts(String port, String allowed, CapturedOutput output) {
        refused("--KAFKA_BOOTSTRAP_SERVERS=", "--chatql.embedded-kafka.port=" + port);

        assertThat(lines(output)).contains("chatql.embedded-kafka.port is \"" + port + "\" and must be " + allowed);
        assertThat(output).doesNotContain("\tat ");
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', textBlock = """
            management.opentelemetry.tracing.export.otlp.endpoint  | collector:4318
            management.opentelemetry.tracing.export.otlp.transport | grpc
            management.tracing.sampling.probability                | 1.5
            """)
    void invalidTracingExportSettingIsReported(String name, String value, CapturedOutput output) throws Exception {
        var collected = application();
        collected.setDefaultProperties(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:1",
                "management.opentelemetry.tracing.export.otlp.endpoint",
                "http://collector:4318/v1/traces"));

        refused(collected, "--" + name + "=" + value);

        assertThat(lines(output)).contains(name + " is \"" + value + "\" and must be " + allowed(name));
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void edgeWithoutHistoryAddressIsRejected(CapturedOutput output) {
        refused("--chatql.roles=edge");

        assertThat(lines(output))
                .contains("chatql.history.url is not set and must be the address of the pods with the role history,"
                        + " because this pod does not have it");
    }

    @Test
    void kafkaClientConfigurationFailureIsReported(CapturedOutput output) {
        refused("--KAFKA_BOOTSTRAP_SERVERS=kafka");

        assertThat(lines(output))
                .contains("Kafka's client rejects its settings: Invalid url in bootstrap.servers: kafka");
        assertThat(output).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --chatql.auth.allow-anonymous=true | chatql.auth.mode
            --chatql.auth.mode=jwt             | chatql.auth.issuer-uri
            """)
    void missingAuthModeIsReportedBeforeKafkaIsAsked(String setting, String named, CapturedOutput output) {
        refused(setting);

        assertThat(output).contains(named).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "chatql.delivery.history-timeou, chatql.delivery.history-timeout",
        "chatql.role, chatql.roles",
        "chatql.topics.partition-count, chatql.topics.partitions",
        "chatql.transport.read.timeout, chatql.transport.read-timeout",
    })
    void misspeltPropertyIsReportedWithNearestName(String misspelt, String nearest, CapturedOutput output) {
        refused("--" + misspelt + "=1");

        assertThat(lines(output)).contains(misspelt + " is not a setting of the gateway; the nearest is " + nearest);
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void misspeltVariableIsReportedAndBoundVariableIsNot(CapturedOutput output) {
        var application = application();
        var environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of(
                                        "CHATQL_DELIVERY_HISTORY_TIMEOU",
                                        "1s",
                                        "CHATQL_TAP_FETCH_MAX_WAIT",
                                        "1s",
                                        "CHATQL_TOPICS_PARTITIONS",
                                        "0")));
        application.setEnvironment(environment);

        refused(application);

        assertThat(output)
                .contains(
                        "CHATQL_DELIVERY_HISTORY_TIMEOU matches no setting: the nearest setting is chatql.delivery.history-timeout")
                .contains("chatql.topics.partitions is \"0\"", "CHATQL_TOPICS_PARTITIONS\"")
                .doesNotContain("FETCHWAIT", "PARTITIONS matches no setting");
    }

    private static List<String> lines(CapturedOutput output) {
        return output.toString().lines().toList();
    }

    private static void refused(String... settings) {
        refused(application(), settings);
    }

    /** Nothing listens on that port: a gateway that connects to Kafka would wait for longer than the test. */
    private static SpringApplication application() {
        var application = new SpringApplication(Gateway.class);
        application.setDefaultProperties(Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"));
        return application;
    }

    private static void refused(SpringApplication application, String... settings) {
        var arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0"));
        arguments.addAll(List.of(settings));

        assertThatThrownBy(() -> application.run(arguments.toArray(String[]::new)))
                .isNotNull();
    }
}
