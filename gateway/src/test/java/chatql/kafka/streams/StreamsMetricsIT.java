package chatql.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.Pod;
import chatql.World;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaBroker.class)
class StreamsMetricsIT {
    /**
     * Guards against a change of the topic's name in Kafka's metrics, which has happened before. The lag would then
     * always be 0.
     */
    @Test
    void kafkaStreamsReportsLagOfEachPartitionOnce() {
        try (World world = new World()) {
            Pod pod = world.pod();
            pod.chat().createUser("anna");
            pod.chat().send("1", "anna", "hello");
            HistoryStreams streams = pod.bean(HistoryStreams.class);

            await().until(() -> measured(streams, world.topic("messages")) == 4);

            assertThat(List.of("messages", "sent")).allMatch(topic -> measured(streams, world.topic(topic)) == 4);
            assertThat(measured(streams, world.topic("users"))).isEqualTo(1);
        }
    }

    private static long measured(HistoryStreams streams, String topic) {
        return streams.metrics().keySet().stream()
                .filter(name -> StreamsMetrics.isLag(name, topic))
                .count();
    }
}
