package chatql.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import chatql.Chat;
import chatql.Following;
import chatql.KafkaBroker;
import chatql.Pod;
import chatql.TopicRecords;
import chatql.World;
import chatql.kafka.failure.TopicMismatch;
import chatql.kafka.record.MessageCodec;
import chatql.message.Cursor;
import chatql.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A topic is deleted, created anew or given more partitions while pods serve it and clients send and listen. */
@ExtendWith(KafkaBroker.class)
class LogIdentityIT {
    private static final int USERS = 6;
    private static final Duration NOTICED = Duration.ofSeconds(10);

    /** How long the lines of a pod are counted whose log has changed, and how many there may be. */
    private static final Duration COUNTED = Duration.ofSeconds(20);

    /** Some for each request that was under way. */
    private static final int FEW_LINES = 100;

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private World world;
    private Admin admin;

    @BeforeEach
    void start() {
        world = new World();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.bootstrapServers()));
    }

    @AfterEach
    void stop() {
        world.close();
        admin.close();
    }

    // --- while pods run

    @Test
    void deletedTopicRejectsAppendsAndEndsStreamsUntilPodRestarts() throws Exception {
        Pod pod = world.pod("a");
        String cursor =
                pod.chat().send("sender", "user-0", "before").get("cursor").stringValue();
        try (var lines = new LogLines();
                var senders = new Senders(pod.chat(), USERS);
                Following open = pod.chat().follow("user-0", cursor).await(3)) {
            delete("messages");

            assertThatItIsNoticed(pod, open, senders, lines, "was deleted");
        }
        pod.close();

        Pod again = world.pod("a");
        assertThatItServes(again.chat());
        try (Following old = again.chat().follow("user-0", cursor)) {
            assertThat(code(old.awaitEnd())).isEqualTo("CURSOR_INVALID");
        }
    }

    @Test
    void recreatedTopicGetsNoAcknowledgedMessage() throws Exception {
        Pod pod = world.pod("a");
        try (var lines = new LogLines();
                var senders = new Senders(pod.chat(), USERS);
                Following open = pod.chat().follow("user-0", null).await(3)) {
            delete("messages");
            create("messages", 1);

            assertThatItIsNoticed(pod, open, senders, lines, "was deleted and created anew");
            assertThat(contents("messages"))
                    .doesNotContainAnyElementsOf(senders.attempts().stream()
                            .filter(Senders.Attempt::stored)
                            .map(Senders.Attempt::content)
                            .toList());
        }
        pod.close();

        TopicMismatch refused = refusedStart("a");
        assertThat(refused).hasMessageContaining(" has 1 partitions, but the gateway is set to 4");
        assertThat(refused.remedy())
                .isEqualTo("Stop all pods, delete topic %s, which is derived and is created anew, set"
                                .formatted(world.topic("sent"))
                        + " chatql.topics.partitions to 1 for all pods, and start them");
        delete("sent");
        assertThatItServes(world.pod("a", "chatql.topics.partitions=1").chat());
    }

    @Test
    void recreatedTopicWithSamePartitionsIsServedAfterRestart() throws Exception {
        Pod pod = world.pod("a");
        String cursor =
                pod.chat().send("sender", "user-0", "before").get("cursor").stringValue();
        try (var lines = new LogLines();
                var senders = new Senders(pod.chat(), USERS);
                Following open = pod.chat().follow("user-0", null).await(3)) {
            delete("messages");
            create("messages", 4);

            assertThatItIsNoticed(pod, open, senders, lines, "was deleted and created anew");
        }
        pod.close();

        Pod again = world.pod("a");
        assertThatItServes(again.chat());
        assertThat(again.chat().contents("user-1")).noneMatch("before"::equals);
        try (Following old = again.chat().follow("user-0", cursor)) {
            assertThat(code(old.awaitEnd())).isEqualTo("CURSOR_INVALID");
        }
    }

    @Test
    void enlargedTopicIsServedOnceInstructionsAreFollowed() throws Exception {
        Pod pod = world.pod("a");
        List<Senders.Attempt> stored;
        try (var lines = new LogLines();
                var senders = new Senders(pod.chat(), USERS);
                Following open = pod.chat().follow("user-0", null).await(3)) {
            admin.createPartitions(Map.of(world.topic("messages"), NewPartitions.increaseTo(8)))
                    .all()
                    .get();

            assertThatItIsNoticed(pod, open, senders, lines, "has 8 partitions and had 4");
            stored = senders.attempts().stream().filter(Senders.Attempt::stored).toList();
        }
        pod.close();

        TopicMismatch refused = refusedStart("a");
        assertThat(refused).hasMessageContaining(" has 8 partitions, but the gateway is set to 4");
        assertThat(refused.remedy())
                .isEqualTo("Stop all pods, delete topic %s, which is derived and is created anew, set"
                                .formatted(world.topic("sent"))
                        + " chatql.topics.partitions to 8 for all pods, and start them");
        delete("sent");
        Pod again = world.pod("a", "chatql.topics.partitions=8");
        assertThatItServes(again.chat());
        for (int user = 0; user < USERS; user++) {
            String id = Senders.user(user);
            List<String> expected = stored.stream()
                    .filter(attempt -> attempt.recipient().equals(id))
                    .map(Senders.Attempt::content)
                    .toList();
            await(id)
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(again.chat().contents(id))
                            .containsAll(expected)
                            .doesNotHaveDuplicates());
        }
        await("what was sent")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(again.chat().contents("sender"))
                        .containsAll(
                                stored.stream().map(Senders.Attempt::content).toList())
                        .doesNotHaveDuplicates());
    }

    private void assertThatItIsNoticed(Pod pod, Following open, Senders senders, LogLines lines, String reason) {
        await("readiness").atMost(NOTICED).until(() -> !pod.isReady());
        assertThat(code(open.awaitEnd())).isEqualTo("LOG_CHANGED");
        try (Following next = pod.chat().follow("user-1", null)) {
            assertThat(code(next.awaitEnd())).isEqualTo("LOG_CHANGED");
        }
        long noticed = System.nanoTime();
        int before = lines.count();
        await("what is logged meanwhile")
                .pollDelay(COUNTED)
                .atMost(COUNTED.plusSeconds(5))
                .until(() -> true);

        List<Senders.Attempt> after = senders.attempts().stream()
                .filter(attempt -> attempt.began() > noticed)
                .toList();
        assertThat(after).isNotEmpty();
        assertThat(after.stream().filter(attempt -> !attempt.refusedWith("The log has changed")))
                .isEmpty();
        assertThat(after.stream().filter(attempt -> attempt.took().compareTo(AT_ONCE) > 0))
                .isEmpty();
        System.out.printf(
                "%s: %d lines until it was noticed, %d in the %d s after%n",
                reason, before, lines.count() - before, COUNTED.toSeconds());
        assertThat(lines.with(reason)).hasSize(1);
        assertThat(lines.after(before)).hasSizeLessThan((int) COUNTED.toSeconds());
        assertThat(before).isLessThan(FEW_LINES);
    }

    private void assertThatItServes(Chat chat) {
        try (Following following = chat.follow("user-0", "earliest")) {
            chat.send("sender", "user-0", "after");
            await("live")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> following.contents().contains("after"));
        }
        await("history")
                .atMost(Duration.ofSeconds(30))
                .until(() -> chat.contents("user-0").contains("after"));
    }

    private TopicMismatch refusedStart(String state) {
        Throwable refused = catchThrowable(() -> world.pod(state));
        return Stream.iterate(refused, cause -> cause != null, Throwable::getCause)
                .filter(TopicMismatch.class::isInstance)
                .map(TopicMismatch.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError(refused));
    }

    // --- topics

    private void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(world.topic(topic))).all().get();
    }

    private void create(String topic, int partitions) {
        var wanted = new NewTopic(world.topic(topic), partitions, (short) 1)
                .configs(Map.of("message.timestamp.type", "LogAppendTime"));
        await("the name to be free")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptions()
                .until(() -> admin.createTopics(List.of(wanted)).all().get() == null);
    }

    private List<String> contents(String topic) {
        return TopicRecords.all(world.topic(topic), 0).stream()
                .map(record -> MessageCodec.decode(record.value(), new Cursor(0, 0, 0, 0)))
                .map(Message::content)
                .toList();
    }

    private static String code(JsonNode end) {
        return end.get("payload").get(0).get("extensions").get("code").stringValue();
    }
}
