package chatql.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddedKafkaIT {
    private static final Duration SERVES_AGAIN_WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void recordsSurviveRestart() throws Exception {
        try (var kafka = EmbeddedKafka.start(directory)) {
            new Records(kafka.bootstrapServers()).createTopic();
            new Records(kafka.bootstrapServers()).write("a", "b");
        }

        try (var kafka = EmbeddedKafka.start(directory)) {
            new Records(kafka.bootstrapServers()).write("c");

            assertThat(new Records(kafka.bootstrapServers()).all()).containsExactly("a", "b", "c");
        }
    }

    @Test
    void recordsAreServedWithinTenSecondsOfKill() throws Exception {
        try (var killed = BrokerProcess.start(directory)) {
            new Records(killed.bootstrapServers()).createTopic();
            new Records(killed.bootstrapServers()).write("a", "b");
        }

        var killedAt = Instant.now();
        try (var next = BrokerProcess.start(directory)) {
            new Records(next.bootstrapServers()).write("c");
            var took = Duration.between(killedAt, Instant.now());
            System.out.println("The embedded broker accepted a record " + took.toMillis() + " ms after a kill.");

            assertThat(took).isLessThan(SERVES_AGAIN_WITHIN);
            assertThat(new Records(next.bootstrapServers()).all()).containsExactly("a", "b", "c");
        }
    }

    @Test
    void brokerListensOnConfiguredPort() throws Exception {
        var port = LoopbackPort.claim(0);

        try (var kafka = EmbeddedKafka.start(directory, port)) {
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            new Records(kafka.bootstrapServers()).createTopic();
        }
    }

    @Test
    void takenPortIsNamedInFailure() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory, taken.getLocalPort()))
                    .isInstanceOf(EmbeddedKafkaUnavailable.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void dataDirectoryServesOneBrokerAtATime() throws Exception {
        try (var first = EmbeddedKafka.start(directory)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory))
                    .isInstanceOf(EmbeddedKafkaUnavailable.class)
                    .hasMessageContaining(directory + " is in use by another gateway");
            new Records(first.bootstrapServers()).createTopic();
        }
    }

    @Test
    void dataDirectoryOfAnotherNodeIsRejected() throws Exception {
        Files.writeString(directory.resolve("meta.properties"), "version=1\nnode.id=7\ncluster.id=other\n");

        assertThatThrownBy(() -> EmbeddedKafka.start(directory))
                .isInstanceOf(EmbeddedKafkaUnavailable.class)
                .hasMessageContaining(directory + " holds no log this broker can serve");
    }

    @Test
    void fileAsDataDirectoryIsRejected() throws Exception {
        var file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> EmbeddedKafka.start(file))
                .isInstanceOf(EmbeddedKafkaUnavailable.class)
                .hasMessageContaining(file + " can't be written");
    }
}
