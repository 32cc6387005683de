package chatql;

import chatql.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.SpringApplication;
import org.springframework.util.FileSystemUtils;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * One broker for the whole test run: Kafka's own image where Docker runs it, the embedded broker otherwise. The
 * variable or system property {@code CHATQL_TEST_BROKER}, {@code docker} or {@code embedded}, forces one.
 *
 * <p>The broker is shared: a test uses topics and users of its own.
 */
public final class KafkaBroker implements BeforeAllCallback {
    private static final String CHOICE = "CHATQL_TEST_BROKER";
    private static final String IMAGE = "apache/kafka:4.4.0";

    @Override
    public void beforeAll(ExtensionContext context) {
        bootstrapServers();
    }

    /** The broker's address: {@code host:port}. */
    public static String bootstrapServers() {
        return Run.BROKER.bootstrapServers;
    }

    /** Starts the broker on its first use. */
    private static final class Run {
        static final Running BROKER = start();
    }

    private static Running start() {
        var broker = chosen();
        // After the gateways of the run, which would otherwise look for it until they are closed themselves.
        SpringApplication.getShutdownHandlers().add(broker.stop);
        System.out.println("Test broker: " + broker.name + " at " + broker.bootstrapServers);
        return broker;
    }

    private static Running chosen() {
        var choice = System.getProperty(CHOICE, System.getenv().getOrDefault(CHOICE, "any"));
        return switch (choice.toLowerCase(Locale.ROOT)) {
            case "docker" -> startImage();
            case "embedded" -> startEmbedded();
            case "any" -> startImageOrEmbedded();
            default -> throw new IllegalArgumentException(CHOICE + " is docker or embedded, not " + choice);
        };
    }

    /** Docker may respond and still be unable to pull the image. */
    private static Running startImageOrEmbedded() {
        try {
            return DockerClientFactory.instance().isDockerAvailable() ? startImage() : startEmbedded();
        } catch (RuntimeException failure) {
            System.out.println("Docker responds, but " + IMAGE + " does not run there: " + failure);
            return startEmbedded();
        }
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

    private record Running(String name, String bootstrapServers, Runnable stop) {}
}
