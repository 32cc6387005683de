package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Structured logs, of a pod in its own process, because the tests have their own log format. */
@Timeout(60)
class StructuredLogsTest {
    @Test
    void structuredFormatLogsEveryLineAsObjectWithServiceName() throws Exception {
        List<String> lines = run("--logging.structured.format.console=ecs", "--chatql.topics.partitions=0");

        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            JsonNode event = JsonMapper.shared().readTree(line);
            assertThat(event.at("/service/name").stringValue()).isEqualTo("chatql");
            assertThat(event.has("@timestamp")).isTrue();
            assertThat(event.at("/log/level").stringValue()).isEqualTo("ERROR");
            assertThat(event.get("message").stringValue()).contains("chatql.topics.partitions is \"0\"");
        });
    }

    @Test
    void startThatFailsForSettingLogsOneLineOnly() throws Exception {
        List<String> lines = run("--chatql.topics.partitions=0");

        assertThat(lines)
                .filteredOn(line -> line.contains("ERROR") || line.contains("WARN") || line.contains("INFO"))
                .singleElement()
                .asString()
                .contains("LoggingFailureAnalysisReporter");
    }

    private static List<String> run(String... arguments) throws Exception {
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        var command = Stream.concat(
                Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        Gateway.class.getName(),
                        "--spring.kafka.bootstrap-servers=127.0.0.1:1",
                        "--server.port=0",
                        "--management.server.port=0"),
                Stream.of(arguments));
        var building = new ProcessBuilder(command.toList()).redirectErrorStream(true);
        building.environment().keySet().removeIf(name -> name.startsWith("CHATQL_"));
        var process = building.start();
        try (var output = process.getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }
}
