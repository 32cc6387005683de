package chatql;

import static java.util.Objects.requireNonNull;

import chatql.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * One broker for the whole test run: Kafka's own image where Docker answers, the embedded broker otherwise. The
 * variable or system property {@code CHATQL_TEST_BROKER}, {@code docker} or {@code embedded}, forces one.
 *
 * <p>The broker is shared: a test uses topics and users of its own.
 */
public final class KafkaBroker implements BeforeAllCallback {
    private static final String CHOICE = "CHATQL_TEST_BROKER";
    private static final String IMAGE = "apache/kafka:4.3.1";

    private static volatile Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        var run = context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
        running = run.computeIfAbsent(KafkaBroker.class, first -> start(), Running.class);
    }

    /** Where clients find the broker: {@code host:port}. */
    public static String bootstrapServers() {
        return requireNonNull(running, "the test class lacks @ExtendWith(KafkaBroker.class)").bootstrapServers;
    }

    private static Running start() {
        var broker = chosen();
        System.out.println("Test broker: " + broker.name + " at " + broker.bootstrapServers);
        return broker;
    }

    private static Running chosen() {
        var choice = System.getProperty(CHOICE, System.getenv().getOrDefault(CHOICE, "any"));
        return switch (choice.toLowerCase(Locale.ROOT)) {
            case "docker" -> startImage();
            case "embedded" -> startEmbedded();
            case "any" -> DockerClientFactory.instance().isDockerAvailable() ? startImage() : startEmbedded();
            default -> throw new IllegalArgumentException(CHOICE + " is docker or embedded, not " + choice);
        };
    }

    private static Running startImage() {
        var container = new KafkaContainer(IMAGE)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        container.start();
        return new Running(IMAGE + " in Docker", container.getBootstrapServers(), container::stop);
    }

    private static Running startEmbedded() {
        try {
            var directory = Files.createTempDirectory("chatql-test-kafka");
            var kafka = EmbeddedKafka.start(directory);
            return new Running("embedded Kafka", kafka.bootstrapServers(), () -> {
                kafka.close();
                FileSystemUtils.deleteRecursively(directory.toFile());
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** JUnit closes it with the run. */
    private record Running(String name, String bootstrapServers, Runnable stop) implements AutoCloseable {
        @Override
        public void close() {
            stop.run();
        }
    }
}
