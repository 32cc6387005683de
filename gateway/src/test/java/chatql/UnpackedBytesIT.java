package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.message.Cursor;
import chatql.user.UserId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Records that are small on the broker and large after decompression, on a pod with the image's options and little
 * memory.
 */
@ExtendWith(KafkaBroker.class)
class UnpackedBytesIT {
    /** Enough to read and write gigabytes on a busy machine. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final int MEGABYTE = 1_000_000;
    private static final int LARGE = 400;

    private static final List<String> SMALL_POD =
            List.of("-XX:Flags=" + Path.of("src/image/jvm.flags").toAbsolutePath(), "-Xmx256m");

    /** Four hundred records of a megabyte are some 30 KB compressed, and more than the heap after decompression. */
    private static final Map<String, Object> COMPRESSED = Map.of(
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd",
            ProducerConfig.BATCH_SIZE_CONFIG, 64 << 20,
            ProducerConfig.LINGER_MS_CONFIG, 1_000,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 200 << 20,
            ProducerConfig.BUFFER_MEMORY_CONFIG, 300 << 20);

    @Test
    void podOf256MegabytesSurvivesRecordsThatUnpackToGigabytes() throws Exception {
        String large = "a".repeat(MEGABYTE);
        try (var world = new World("chatql.topics.partitions=1")) {
            try (var pod = new PodProcess(world, "small", SMALL_POD, TIMEOUT);
                    var topic = new Topic(world, COMPRESSED);
                    Following other = pod.chat().follow("other", "earliest")) {
                pod.chat().send("1", "other", "before");
                other.await(1);
                try (Following victim = pod.chat().follow("victim", "earliest")) {
                    flood(topic, large);
                    pod.chat().send("1", "other", "during");
                    other.await(2, TIMEOUT);
                    victim.await(LARGE / 10, TIMEOUT);
                }
                assertThat(other.contents()).containsExactly("before", "during");
                flood(topic, large);
                assertThat(pod.isAlive()).isTrue();
            }
            // Killed while it reads them, and restarted with its state.
            try (var pod = new PodProcess(world, "small", SMALL_POD, TIMEOUT);
                    Following other = pod.chat().follow("other", "earliest")) {
                pod.chat().send("1", "other", "after");
                other.await(3, TIMEOUT);

                assertThat(other.contents()).containsExactly("before", "during", "after");
                await().atMost(TIMEOUT).until(() -> history(pod).equals(other.contents()));
                assertThat(pod.isReady()).isTrue();
            }
            // Without its state: everything is restored.
            try (var pod = new PodProcess(world, "new", SMALL_POD, TIMEOUT)) {
                await().atMost(TIMEOUT).until(() -> history(pod).equals(List.of("before", "during", "after")));
                assertThat(pod.isReady()).isTrue();
            }
        }
    }

    @Test
    void usersOfOtherPartitionsDoNotWaitForThem() throws Exception {
        String other = World.userOutside(World.KEY_PARTITIONER.of(new UserId("victim")), "other");
        try (var world = new World();
                var pod = new PodProcess(world, "small", SMALL_POD, TIMEOUT);
                var topic = new Topic(world, COMPRESSED)) {
            flood(topic, "a".repeat(MEGABYTE));

            String cursor = pod.chat().send("1", other, "after").get("cursor").stringValue();
            try (Following following = pod.chat().follow(other, "earliest")) {
                following.await(1, TIMEOUT);
                assertThat(pod.chat()
                                .page(Map.of("userId", other, "last", 1, "atLeast", cursor))
                                .get("success")
                                .booleanValue())
                        .isTrue();

                assertThat(stored(pod, "victim"))
                        .as("records of the flood in history")
                        .isLessThan(LARGE / 2);
            }
        }
    }

    /** The number of records of the user's partition up to the user's last message in history. */
    private static long stored(PodProcess pod, String user) {
        return pod.chat()
                .page(Map.of("userId", user, "last", 1))
                .get("messages")
                .valueStream()
                .map(message -> Cursor.parse(message.get("cursor").stringValue()))
                .mapToLong(cursor -> cursor.orElseThrow().offset() + 1)
                .sum();
    }

    private static void flood(Topic topic, String content) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        IntStream.range(0, LARGE).forEach(i -> sent.add(topic.send("1", "victim", content)));
        topic.producer().flush();
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
    }

    private static List<String> history(PodProcess pod) {
        var answer = pod.chat().messages("other");
        return answer.get("success").booleanValue()
                ? answer.get("messages")
                        .valueStream()
                        .map(message -> message.get("content").stringValue())
                        .toList()
                : List.of();
    }
}
