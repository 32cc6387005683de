package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@ExtendWith(KafkaBroker.class)
class BrokerAwayIT {
    @TempDir
    Path directory;

    @Test
    void aSubscriptionStaysOpenWhileTheBrokerIsAwayAndGoesOnWithoutAGap() {
        EmbeddedKafka broker = EmbeddedKafka.start(directory);
        String address = broker.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (var world = new World("spring.kafka.bootstrap-servers=" + address)) {
            Pod pod = world.pod();
            try (Following following = pod.chat().follow("2", "earliest")) {
                pod.chat().send("1", "2", "before");
                following.await(1);

                broker.close();
                await().atMost(Duration.ofSeconds(30)).until(() -> !pod.isReady());
                JsonNode refused =
                        pod.chat().createMessage(Map.of("senderId", "1", "recipientId", "2", "content", "meanwhile"));
                assertThat(refused.get("success").booleanValue()).isFalse();
                assertThat(refused.get("errors").get(0).stringValue()).contains("could not be stored");

                broker = EmbeddedKafka.start(directory, port);
                await().atMost(Duration.ofSeconds(60)).until(pod::isReady);
                pod.chat().send("1", "2", "after");
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> following.contents().contains("after"));

                // "meanwhile" was given up before the broker was back, so it is nowhere.
                assertThat(following.contents()).containsExactly("before", "after");
                assertThat(following.end()).isNull();
                assertThat(following.closed()).isNull();
            }
        } finally {
            broker.close();
        }
    }
}
