package chatql.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chatql.Chat;
import chatql.Following;
import chatql.KafkaBroker;
import chatql.PodProcess;
import chatql.SmallDisk;
import chatql.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The disk of a history pod is full: for the log, and for live delivery, nothing has happened. */
@ExtendWith(KafkaBroker.class)
class DiskFullIT {
    private static final int MEGABYTES = 96;

    /** Enough that the stores must write to disk: RocksDB keeps less than that in memory. */
    private static final int MESSAGES = 3_000;

    private static final String CONTENT = "x".repeat(4_000);

    @Test
    void fullStateDirectoryLosesNothingAndGivesNoIncompleteAnswer() throws Exception {
        assumeTrue(SmallDisk.isPossible(), "no user may mount here");
        try (var world = new World("chatql.history.rocksdb-memory=8MB")) {
            Path directory = Files.createDirectories(world.data("full"));
            var disk = new SmallDisk(directory, MEGABYTES);
            try (PodProcess pod = PodProcess.on(disk, world, "full");
                    Following following = pod.chat().follow("reader", "earliest")) {
                send(pod.chat(), 0, 10);
                await("history")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> pod.chat().contents("reader").size() == 10);
                disk.fill(pod.pid());

                send(pod.chat(), 10, MESSAGES);
                following.await(MESSAGES, Duration.ofSeconds(60));
                await("a failed write")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> pod.logged().contains("No space left"));
                JsonNode page = pod.chat().page(Map.of("userId", "reader", "last", 5));
                if (page.get("success").booleanValue()) {
                    assertThat(numbers(page)).containsExactlyElementsOf(last(5));
                }
                long lines = pod.logLines();

                disk.empty(pod.pid());
                await("history").atMost(Duration.ofSeconds(120)).until(() -> {
                    JsonNode now = pod.chat().page(Map.of("userId", "reader", "last", 5));
                    return now.get("success").booleanValue() && numbers(now).equals(last(5));
                });
                assertThat(pod.logLines() - lines).isLessThan(1_000);
            }
        }
    }

    private static void send(Chat chat, int from, int to) {
        for (int number = from; number < to; number++) {
            chat.send("writer", "reader", number + " " + CONTENT);
        }
    }

    private static List<Integer> numbers(JsonNode page) {
        return page.get("messages")
                .valueStream()
                .map(message ->
                        Integer.parseInt(message.get("content").stringValue().split(" ")[0]))
                .toList();
    }

    private static List<Integer> last(int count) {
        return IntStream.range(MESSAGES - count, MESSAGES).boxed().toList();
    }
}
