package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Extracts the examples for other services from docs/topic.md, and runs them. */
@ExtendWith(KafkaBroker.class)
class ExamplesIT {
    private static final int PARTITIONS = 4;
    private static final Path PYTHON = Path.of("target", "python").toAbsolutePath();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static World world;
    private static Pod pod;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        world = new World();
        pod = world.pod();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void javaExampleIsDelivered() throws Exception {
        Files.writeString(directory.resolve("Produce.java"), example("java"));

        runs("2", "Hello from Java", JAVA, "-cp", System.getProperty("java.class.path"), "Produce.java");
    }

    @Test
    void shellExampleIsDelivered() throws Exception {
        Path producer = directory.resolve("kafka-console-producer.sh");
        Files.writeString(
                producer,
                "exec \"%s\" -cp '%s' org.apache.kafka.tools.ConsoleProducer \"$@\"%n"
                        .formatted(JAVA, System.getProperty("java.class.path")));
        assertThat(producer.toFile().setExecutable(true)).isTrue();

        runs("2", "Hello from a shell", "bash", "-c", "PATH=.:$PATH\n" + example("sh"));
    }

    @Test
    void nodeExampleIsDelivered() throws Exception {
        Path script = Node.installed().toAbsolutePath().resolve("example.mjs");
        Files.writeString(script, example("js"));

        runs("2", "Hello from Node", "node", script.toString());
    }

    @Test
    void pythonExampleIsDelivered() throws Exception {
        Files.writeString(directory.resolve("produce.py"), example("python"));

        runs("2", "Hello from Python", python(), "produce.py");
    }

    @Test
    void recordOfLibrdkafkaPartitionerIsReroutedAndDelivered() throws Exception {
        String user = IntStream.iterate(3, number -> number + 1)
                .mapToObj(String::valueOf)
                .filter(id -> crc(id) != murmur(id))
                .findFirst()
                .orElseThrow();
        String example = example("python");
        String own = example.replace("    \"partitioner\": \"murmur2_random\",\n", "")
                .replace("\"2\"", '"' + user + '"');
        assertThat(own).isNotEqualTo(example).doesNotContain("partitioner");
        Files.writeString(directory.resolve("produce.py"), own);
        double before = rewritten();

        run(user, "Hello from Python", python(), "produce.py");

        assertThat(rewritten()).isEqualTo(before + 1);
    }

    // ---

    /** The record was in the right partition at once: none was rerouted. */
    private void runs(String user, String content, String... command) throws Exception {
        double before = rewritten();
        run(user, content, command);
        assertThat(rewritten()).isEqualTo(before);
    }

    private void run(String user, String content, String... command) throws Exception {
        String begin = pod.chat().send("1", user, "begin").get("cursor").stringValue();
        try (Following live = pod.chat().follow(user, begin)) {
            var ended =
                    Program.run(directory, Map.of("KAFKA_BOOTSTRAP_SERVERS", KafkaBroker.bootstrapServers()), command);
            assertThat(ended.status()).as(ended.output() + ended.complaints()).isZero();
            live.await(1);

            assertThat(live.contents()).containsExactly(content);
        }
    }

    private static double rewritten() {
        return pod.scrape().sum("chatql_records_rerouted_total");
    }

    private static String example(String language) throws IOException {
        String document = Files.readString(Path.of("../docs/topic.md"));
        Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(document.substring(document.indexOf("## Examples")));
        assertThat(block.find()).isTrue();
        return block.group(1).replace("chat.messages", world.topic("messages"));
    }

    private static String python() throws Exception {
        assumeTrue(hasPython(), "Skipped without Python: install version 3 with venv, and give pip access to PyPI");
        return PYTHON.resolve("bin/python").toString();
    }

    private static boolean hasPython() throws Exception {
        try {
            Path here = Path.of(".");
            return Program.run(here, Map.of(), "python3", "-m", "venv", PYTHON.toString())
                                    .status()
                            == 0
                    && Program.run(
                                            here,
                                            Map.of(),
                                            PYTHON.resolve("bin/pip").toString(),
                                            "install",
                                            "--quiet",
                                            "--disable-pip-version-check",
                                            "confluent-kafka==2.16.1")
                                    .status()
                            == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static int crc(String key) {
        var crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % PARTITIONS);
    }

    private static int murmur(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }
}
