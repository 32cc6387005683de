package chatql.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.Chat;
import chatql.Following;
import chatql.KafkaBroker;
import chatql.Pod;
import chatql.PodProcess;
import chatql.World;
import chatql.kafka.client.PartitionOffsets;
import chatql.kafka.consistency.CommittedOffsets;
import chatql.kafka.topic.KeyPartitioner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A pod is suspended, and continues after another pod has taken over its partitions. */
@ExtendWith(KafkaBroker.class)
class SleepIT {
    private static final int PARTITIONS = 4;
    private static final int TURNS = 3;
    private static final List<String> USERS =
            IntStream.range(0, 40).mapToObj(user -> "user" + user).toList();

    @Test
    void wakingPodAnswersNoStalePageAndResumesWithoutGap() throws Exception {
        try (var world = new World();
                var sleeper = new PodProcess(world, "sleeper")) {
            Pod awake = world.pod();
            List<String> cursors = send(awake, "before");
            await("both pods show the messages")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> isShown(sleeper.chat(), "before") && isShown(awake.chat(), "before"));

            sleeper.sleep();
            await("the other pod has taken over")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> isShown(awake.chat(), "before"));
            send(awake, "meanwhile");
            awake.chat().createUser("ulla");
            String id = await("the other pod knows the username")
                    .ignoreExceptions()
                    .until(() -> awake.chat().userId("ulla").stringValue(""), found -> !found.isEmpty());
            await("the other pod shows and has committed the messages")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> isShown(awake.chat(), "meanwhile") && isCommitted(world, awake));
            // These requests are waiting when the pod wakes, before it can know about the takeover.
            List<CompletableFuture<JsonNode>> first = pages(sleeper.chat());
            CompletableFuture<JsonNode> ulla = sleeper.chat().executeAsync("{ userId(username: \"ulla\") }", Map.of());
            List<Following> resumed = IntStream.range(0, USERS.size())
                    .mapToObj(i -> sleeper.chat().follow(USERS.get(i), cursors.get(i)))
                    .toList();
            sleeper.wake();
            List<JsonNode> answers = Stream.concat(
                            first.stream(),
                            IntStream.range(0, TURNS).boxed().flatMap(turn -> pages(sleeper.chat()).stream()))
                    .map(CompletableFuture::join)
                    .toList();
            resumed.forEach(following -> following.await(1));
            send(awake, "after");
            resumed.forEach(following -> following.await(2));

            List<JsonNode> answered = answers.stream()
                    .filter(answer -> answer.get("success").booleanValue())
                    .toList();
            System.out.printf(
                    "A pod woke up: %d answers, and %d refused%n", answered.size(), answers.size() - answered.size());
            assertThat(answered)
                    .isNotEmpty()
                    .allSatisfy(page -> assertThat(page.get("messages")).hasSize(2));
            assertThat(ulla.handle((data, refused) ->
                                    refused == null ? data.get("userId").stringValue("unknown") : id)
                            .join())
                    .isEqualTo(id);
            assertThat(resumed)
                    .allSatisfy(following -> assertThat(following.contents()).containsExactly("meanwhile", "after"));
            resumed.forEach(Following::close);
        }
    }

    private static List<String> send(Pod pod, String content) {
        return USERS.stream()
                .map(user -> pod.chat().send("speaker", user, content))
                .map(message -> message.get("cursor").stringValue())
                .toList();
    }

    private static List<CompletableFuture<JsonNode>> pages(Chat chat) {
        return USERS.stream()
                .map(user -> chat.pageAsync(Map.of("userId", user)))
                .toList();
    }

    private static boolean isShown(Chat chat, String content) {
        return USERS.stream()
                .map(user -> chat.page(Map.of("userId", user)))
                .allMatch(page ->
                        page.get("success").booleanValue() && page.toString().contains(content));
    }

    private static boolean isCommitted(World world, Pod pod) {
        var partitionOffsets =
                new PartitionOffsets(pod.bean(Admin.class), world.topic("messages"), new KeyPartitioner(PARTITIONS));
        Map<TopicPartition, OffsetAndMetadata> committed =
                pod.bean(CommittedOffsets.class).all().block();
        return IntStream.range(0, PARTITIONS).allMatch(partition -> {
            OffsetAndMetadata end = committed.get(new TopicPartition(world.topic("messages"), partition));
            return end != null
                    && end.offset() >= partitionOffsets.of(partition).block().end();
        });
    }
}
