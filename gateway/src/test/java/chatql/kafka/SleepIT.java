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

/** A pod that stops where it is, and goes on after others have taken over. */
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
            await("both to show it")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> isShown(sleeper.chat(), "before") && isShown(awake.chat(), "before"));

            sleeper.sleep();
            await("the other to take over").atMost(Duration.ofSeconds(30)).until(() -> isShown(awake.chat(), "before"));
            send(awake, "meanwhile");
            awake.chat().createUser("ulla");
            String id = await("the other to know who is called so")
                    .ignoreExceptions()
                    .until(() -> awake.chat().userId("ulla").stringValue(""), found -> !found.isEmpty());
            await("the other to show it, and to have committed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> isShown(awake.chat(), "meanwhile") && isCommitted(world, awake));
            // Who asks is at the door when it wakes, before it can have heard what happened.
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
            resumed.forEach(one -> one.await(1));
            send(awake, "after");
            resumed.forEach(one -> one.await(2));

            List<JsonNode> given = answers.stream()
                    .filter(answer -> answer.get("success").booleanValue())
                    .toList();
            System.out.printf(
                    "A pod woke up: %d answers, and %d refused%n", given.size(), answers.size() - given.size());
            assertThat(given)
                    .isNotEmpty()
                    .allSatisfy(page -> assertThat(page.get("messages")).hasSize(2));
            assertThat(ulla.handle((data, refused) ->
                                    refused == null ? data.get("userId").stringValue("nobody") : id)
                            .join())
                    .isEqualTo(id);
            assertThat(resumed).allSatisfy(one -> assertThat(one.contents()).containsExactly("meanwhile", "after"));
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
