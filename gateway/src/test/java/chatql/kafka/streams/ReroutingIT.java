package chatql.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.Chat;
import chatql.Following;
import chatql.KafkaBroker;
import chatql.Pod;
import chatql.PodProcess;
import chatql.Topic;
import chatql.TopicRecords;
import chatql.World;
import chatql.kafka.consistency.CommittedOffsets;
import chatql.kafka.consistency.PartitionMigrating;
import chatql.kafka.record.OriginalPosition;
import chatql.kafka.store.StoreLayout;
import chatql.kafka.topology.RepairProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Misplaced records are rerouted at least once and shown once. */
@ExtendWith(KafkaBroker.class)
class ReroutingIT {
    private static final int PARTITIONS = 4;
    private static final int USERS = 20;
    private static final int EACH = 500;

    @Test
    void reroutedRecordsAreDeliveredOnceWhenReroutingPodIsKilled() throws Exception {
        try (var world = new World();
                var topic = new Topic(world, Map.of());
                var killed = new PodProcess(world, "killed")) {
            Pod staying = world.pod();
            Admin admin = staying.bean(Admin.class);
            List<Following> live =
                    users().map(user -> staying.chat().follow(user, "earliest")).toList();
            await("both pods have partitions").atMost(Duration.ofSeconds(90)).until(() -> owners(staying) == 2);

            IntStream.range(0, EACH).forEach(round -> sendMisplaced(topic, round));
            topic.producer().flush();
            long sent = (long) USERS * EACH;
            await("the other pod has rerouted some records and not committed them")
                    .pollInterval(Duration.ofMillis(30))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> isSuspendedHalfWay(killed, world, staying));
            killed.kill();

            live.forEach(following -> following.await(EACH, Duration.ofSeconds(60)));
            List<List<String>> delivered =
                    live.stream().map(Following::contents).toList();
            List<List<String>> stored =
                    users().map(user -> history(staying.chat(), user)).toList();
            long written = size(admin, world.topic("messages")) - sent;
            System.out.printf(
                    "A pod was killed while it rerouted %d records: %d were rerouted, each was delivered and stored once%n",
                    sent, written);
            assertThat(written).as("some records are rerouted twice").isGreaterThan(sent);
            assertThat(delivered)
                    .allSatisfy(contents -> assertThat(contents)
                            .containsExactlyInAnyOrderElementsOf(expected())
                            .hasSize(EACH));
            assertThat(stored).isEqualTo(delivered);
            live.forEach(Following::close);
        }
    }

    @Test
    void rereadingWholeLogReroutesNothingAgain() throws Exception {
        try (var world = new World();
                var topic = new Topic(world, Map.of())) {
            List<List<String>> before;
            long messages;
            long deadLetters;
            try (Pod pod = world.pod("first")) {
                IntStream.range(0, 10).forEach(round -> sendMisplaced(topic, round));
                topic.sendRaw("user0", "no JSON").get();
                await("complete history")
                        .until(() -> users().allMatch(
                                        user -> history(pod.chat(), user).size() == 10));
                await("repairs are acknowledged")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> pod.bean(RepairProgress.class).open().isEmpty());
                before = users().map(user -> history(pod.chat(), user)).toList();
                messages = size(pod.bean(Admin.class), world.topic("messages"));
                deadLetters = size(pod.bean(Admin.class), world.topic("messages.dlt"));
            }

            // Another group with other stores, as after a change of the stores' layout.
            Pod rebuilt = world.pod("anew", "chatql.history.application-id=anew-" + world.topic("messages"));
            List<List<String>> after =
                    users().map(user -> history(rebuilt.chat(), user)).toList();

            assertThat(after).isEqualTo(before);
            assertThat(size(rebuilt.bean(Admin.class), world.topic("messages"))).isEqualTo(messages);
            assertThat(size(rebuilt.bean(Admin.class), world.topic("messages.dlt")))
                    .isEqualTo(deadLetters);
        }
    }

    /** Suspends the process. Resumes it unless it has rerouted records that its successor will reroute again. */
    private static boolean isSuspendedHalfWay(PodProcess process, World world, Pod other) throws Exception {
        process.sleep();
        HistoryStreams streams = other.bean(HistoryStreams.class);
        Map<TopicPartition, OffsetAndMetadata> committed =
                other.bean(CommittedOffsets.class).all().block();
        boolean halfWay = TopicRecords.all(world.topic("messages"), 0).stream()
                .flatMap(record -> OriginalPosition.read(record.headers()).stream())
                .filter(from -> !streams.address().equals(owner(streams, from.partition())))
                .anyMatch(
                        from -> isOpen(committed, new TopicPartition(world.topic("messages"), from.partition()), from));
        if (!halfWay) {
            process.wake();
        }
        return halfWay;
    }

    private static boolean isOpen(
            Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition topicPartition, OriginalPosition from) {
        return !committed.containsKey(topicPartition)
                || committed.get(topicPartition).offset() <= from.offset();
    }

    private static Stream<String> users() {
        return IntStream.range(0, USERS).mapToObj(user -> "user" + user);
    }

    /**
     * Sends a message to every user: every other round without a key, and in the right partition for a fourth of the
     * users.
     */
    private static void sendMisplaced(Topic topic, int round) {
        users().forEach(user ->
                topic.sendAstray(round % PARTITIONS, round % 2 == 0 ? null : user + "x", "speaker", user, "m" + round));
    }

    private static List<String> expected() {
        return IntStream.range(0, EACH).mapToObj(round -> "m" + round).toList();
    }

    private static List<String> history(Chat chat, String user) {
        JsonNode page = chat.page(Map.of("userId", user, "last", 1_000));
        return page.get("messages")
                .valueStream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }

    private static long owners(Pod pod) {
        HistoryStreams streams = pod.bean(HistoryStreams.class);
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> owner(streams, partition))
                .distinct()
                .count();
    }

    private static Object owner(HistoryStreams streams, int partition) {
        try {
            return streams.owner(StoreLayout.TIMELINE, partition);
        } catch (PartitionMigrating partitionMigrating) {
            return "none";
        }
    }

    /** The number of records in a topic without transactions. */
    private static long size(Admin admin, String topic) throws Exception {
        int partitions = admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toMap(topicPartition -> topicPartition, topicPartition -> OffsetSpec.latest()));
        return admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }
}
