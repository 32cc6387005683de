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
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
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
        assertThat(libraries().stream().map(file -> file.getFileName().toString()))
                .anyMatch(name -> name.startsWith("kafka-clients"))
                .anyMatch(name -> name.startsWith("kafka-streams"))
                .noneMatch(name -> BROKERS.matcher(name).lookingAt());
    }

    @Test
    void jarHasRocksDbForSupportedPlatformsOnly() throws IOException {
        List<Path> libraries = libraries();
        List<Path> rocksDb = libraries.stream()
                .filter(library -> library.getFileName().toString().startsWith("rocksdb"))
                .toList();

        assertThat(rocksDb).hasSize(1);
        try (var jar = new ZipFile(rocksDb.getFirst().toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName).filter(name -> name.startsWith("librocksdbjni")))
                    .containsExactlyInAnyOrder(
                            "librocksdbjni-linux64.so",
                            "librocksdbjni-linux-aarch64.so",
                            "librocksdbjni-osx-x86_64.jnilib",
                            "librocksdbjni-osx-arm64.jnilib",
                            "librocksdbjni-win64.dll");
            assertThat(jar.getEntry("org/rocksdb/RocksDB.class")).isNotNull();
        }
        assertThat(libraries)
                .noneMatch(library -> library.getFileName().toString().matches(".*(quic|http3).*"));
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

    private List<Path> libraries() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
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
