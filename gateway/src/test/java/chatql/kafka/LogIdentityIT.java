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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A topic is deleted, re-created or given more partitions while pods serve it and clients send and subscribe. */
@ExtendWith(KafkaBroker.class)
class LogIdentityIT {
    private static final int USERS = 6;
    private static final Duration NOTICED = Duration.ofSeconds(10);

    /** The period in which the log lines of a pod with a changed log are counted. */
    private static final Duration COUNT_PERIOD = Duration.ofSeconds(20);

    /** A few lines for each request that was in flight. */
    private static final int MAX_LINES = 100;

    private static final Duration MAX_REJECT_TIME = Duration.ofSeconds(1);

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

            assertChangeIsDetected(pod, open, senders, lines, "was deleted");
        }
        pod.close();

        Pod restarted = world.pod("a");
        assertServes(restarted.chat());
        try (Following old = restarted.chat().follow("user-0", cursor)) {
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

            assertChangeIsDetected(pod, open, senders, lines, "was deleted and re-created");
            assertThat(contents("messages"))
                    .doesNotContainAnyElementsOf(senders.attempts().stream()
                            .filter(Senders.Attempt::stored)
                            .map(Senders.Attempt::content)
                            .toList());
        }
        pod.close();

        TopicMismatch rejected = rejectedStart("a");
        assertThat(rejected).hasMessageContaining(" has 1 partitions, but the gateway is set to 4");
        assertThat(rejected.remedy())
                .isEqualTo("Stop all pods, delete topic %s, which is derived and will be re-created, set"
                                .formatted(world.topic("sent"))
                        + " chatql.topics.partitions to 1 for all pods, and start them");
        delete("sent");
        assertServes(world.pod("a", "chatql.topics.partitions=1").chat());
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

            assertChangeIsDetected(pod, open, senders, lines, "was deleted and re-created");
        }
        pod.close();

        Pod restarted = world.pod("a");
        assertServes(restarted.chat());
        assertThat(restarted.chat().contents("user-1")).noneMatch("before"::equals);
        try (Following old = restarted.chat().follow("user-0", cursor)) {
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

            assertChangeIsDetected(pod, open, senders, lines, "has 8 partitions and had 4");
            stored = senders.attempts().stream().filter(Senders.Attempt::stored).toList();
        }
        pod.close();

        TopicMismatch rejected = rejectedStart("a");
        assertThat(rejected).hasMessageContaining(" has 8 partitions, but the gateway is set to 4");
        assertThat(rejected.remedy())
                .isEqualTo("Stop all pods, delete topic %s, which is derived and will be re-created, set"
                                .formatted(world.topic("sent"))
                        + " chatql.topics.partitions to 8 for all pods, and start them");
        delete("sent");
        Pod restarted = world.pod("a", "chatql.topics.partitions=8");
        assertServes(restarted.chat());
        for (int user = 0; user < USERS; user++) {
            String id = Senders.user(user);
            List<String> expected = stored.stream()
                    .filter(attempt -> attempt.recipient().equals(id))
                    .map(Senders.Attempt::content)
                    .toList();
            await(id)
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(restarted.chat().contents(id))
                            .containsAll(expected)
                            .doesNotHaveDuplicates());
        }
        await("sent messages")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(restarted.chat().contents("sender"))
                        .containsAll(
                                stored.stream().map(Senders.Attempt::content).toList())
                        .doesNotHaveDuplicates());
    }

    @Test
    void enlargedTopicOfUsersKeepsNamesOnceInstructionsAreFollowed() throws Exception {
        Pod pod = world.pod("a");
        JsonNode ann = pod.chat().createUser("Ann").get("user");
        JsonNode ben = pod.chat().createUser("Ben").get("user");
        admin.createPartitions(Map.of(world.topic("users"), NewPartitions.increaseTo(2)))
                .all()
                .get();
        await("readiness").atMost(NOTICED).until(() -> !pod.isReady());
        JsonNode refused = pod.chat().createUser("Cleo");
        assertThat(refused.get("success").booleanValue()).isFalse();
        pod.close();

        assertThat(rejectedStart("a").remedy())
                .contains("re-create it with 1 and copy its records into it in their order");
        List<ConsumerRecord<byte[], byte[]>> records = TopicRecords.all(world.topic("users"), 2);
        delete("users");
        create("users", 1);
        copy(records, world.topic("users"));
        Chat restarted = world.pod("a").chat();
        await("names")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(restarted.userId("ben")).isEqualTo(ben.get("userId")));

        assertThat(restarted.userId("Ann")).isEqualTo(ann.get("userId"));
        assertThat(restarted.createUser("ann").get("errors").get(0).stringValue())
                .isEqualTo("Username is taken");
        assertThat(restarted.createUser("Cleo").get("user").get("userId").stringValue())
                .isEqualTo("3");
    }

    private static void copy(List<ConsumerRecord<byte[], byte[]>> records, String topic) throws Exception {
        Map<String, Object> settings = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                producer.send(new ProducerRecord<>(topic, 0, record.key(), record.value(), record.headers()))
                        .get();
            }
        }
    }

    private void assertChangeIsDetected(Pod pod, Following open, Senders senders, LogLines lines, String reason) {
        await("readiness").atMost(NOTICED).until(() -> !pod.isReady());
        assertThat(code(open.awaitEnd())).isEqualTo("LOG_CHANGED");
        try (Following next = pod.chat().follow("user-1", null)) {
            assertThat(code(next.awaitEnd())).isEqualTo("LOG_CHANGED");
        }
        long noticed = System.nanoTime();
        int before = lines.count();
        await("period of counted log lines")
                .pollDelay(COUNT_PERIOD)
                .atMost(COUNT_PERIOD.plusSeconds(5))
                .until(() -> true);

        List<Senders.Attempt> after = senders.attempts().stream()
                .filter(attempt -> attempt.began() > noticed)
                .toList();
        assertThat(after).isNotEmpty();
        assertThat(after.stream().filter(attempt -> !attempt.refusedWith("The log has changed")))
                .isEmpty();
        assertThat(after.stream().filter(attempt -> attempt.took().compareTo(MAX_REJECT_TIME) > 0))
                .isEmpty();
        System.out.printf(
                "%s: %d lines until it was noticed, %d in the %d s after%n",
                reason, before, lines.count() - before, COUNT_PERIOD.toSeconds());
        assertThat(lines.with(reason)).hasSize(1);
        assertThat(lines.after(before)).hasSizeLessThan((int) COUNT_PERIOD.toSeconds());
        assertThat(before).isLessThan(MAX_LINES);
    }

    private void assertServes(Chat chat) {
        try (Following following = chat.follow("user-0", "earliest")) {
            chat.send("sender", "user-0", "after");
            await("live delivery")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> following.contents().contains("after"));
        }
        await("stored message")
                .atMost(Duration.ofSeconds(30))
                .until(() -> chat.contents("user-0").contains("after"));
    }

    private TopicMismatch rejectedStart(String state) {
        Throwable rejected = catchThrowable(() -> world.pod(state));
        return Stream.iterate(rejected, cause -> cause != null, Throwable::getCause)
                .filter(TopicMismatch.class::isInstance)
                .map(TopicMismatch.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError(rejected));
    }

    // --- topics

    private void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(world.topic(topic))).all().get();
    }

    private void create(String topic, int partitions) {
        var wanted = new NewTopic(world.topic(topic), partitions, (short) 1)
                .configs(Map.of("message.timestamp.type", "LogAppendTime"));
        await("topic name is available")
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
