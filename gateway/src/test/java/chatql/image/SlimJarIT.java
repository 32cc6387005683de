package chatql.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of the built jar that the Dockerfile copies. */
class SlimJarIT {
    private static final Path JAR = Path.of("target/gateway.jar");
    private static final Pattern BROKERS = Pattern.compile("embedded-kafka|kafka(?!-clients|-streams)|scala");

    @TempDir
    private Path directory;

    @BeforeEach
    void extract() throws Exception {
        var dockerfile = Files.readString(Path.of("Dockerfile"));
        var layers = Pattern.compile("extract --layers (\\S+)").matcher(dockerfile);
        assertThat(layers.find()).isTrue();
        run(
                "-Djarmode=tools",
                "-jar",
                JAR.toString(),
                "extract",
                "--layers",
                layers.group(1),
                "--force",
                "--destination",
                directory.toString());
    }

    @Test
    void imageHasKafkaClientsAndNoBroker() throws IOException {
        List<String> libraries;
        try (Stream<Path> files = Files.walk(directory)) {
            libraries = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
        }

        assertThat(libraries)
                .anyMatch(name -> name.startsWith("kafka-clients"))
                .anyMatch(name -> name.startsWith("kafka-streams"))
                .noneMatch(name -> BROKERS.matcher(name).lookingAt());
    }

    @Test
    void startWithoutClusterFailsWithReason() throws Exception {
        var output = run("-cp", classPath(), "chatql.Gateway", "--server.port=0", "--management.server.port=0");

        assertThat(output)
                .contains("No Kafka cluster is configured", "Set KAFKA_BOOTSTRAP_SERVERS")
                .doesNotContain("\tat ");
    }

    @Test
    void deadLetterCommandIsIncluded() throws Exception {
        var output = run("-cp", classPath(), "chatql.Gateway", "dlt", "list");

        assertThat(output).contains("No Kafka cluster is configured").doesNotContain("\tat ");
    }

    private String classPath() {
        return directory.resolve("application/gateway.jar")
                + File.pathSeparator
                + directory.resolve("dependencies/lib/*");
    }

    private String run(String... arguments) throws Exception {
        var command = Stream.concat(
                Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                Stream.of(arguments));
        var output = directory.resolve("output.txt").toFile();
        var building =
                new ProcessBuilder(command.toList()).redirectErrorStream(true).redirectOutput(output);
        building.environment().remove("KAFKA_BOOTSTRAP_SERVERS");
        var process = building.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as("the process has ended")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output.toPath());
    }
}
