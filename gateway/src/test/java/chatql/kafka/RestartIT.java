package chatql.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.Chat;
import chatql.KafkaBroker;
import chatql.Pod;
import chatql.Topic;
import chatql.World;
import chatql.kafka.identity.Epoch;
import chatql.kafka.store.StoreLayout;
import chatql.kafka.streams.HistorySettings;
import chatql.kafka.streams.HistoryStreams;
import chatql.kafka.streams.RestoreCounter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaBroker.class)
class RestartIT {
    private static final int MESSAGES = 5_000;
    private static final int USERS = 20;

    @Test
    void restartedPodContinuesFromItsStateOnDisk() {
        try (var world = new World()) {
            Pod first = world.pod("kept");
            append(world, MESSAGES);
            awaitAll(first.chat(), MESSAGES);
            first.close();

            long kept = restored(world, "kept");
            long empty = restored(world, "empty");

            System.out.printf(
                    "%,d messages: %,d entries restored on the pod's own directory, %,d on an empty one%n",
                    MESSAGES, kept, empty);
            assertThat(kept).isLessThan(MESSAGES / 100);
            assertThat(empty).isGreaterThan(2 * MESSAGES);
        }
    }

    /** Starts a single pod, so that it restores all state itself and has no standby replicas. */
    private static long restored(World world, String state) {
        try (Pod pod = world.pod(state)) {
            awaitAll(pod.chat(), MESSAGES);
            return pod.bean(RestoreCounter.class).entries();
        }
    }

    @Test
    void logEndingWithTransactionMarkerIsReadWithoutNewRecord() {
        Map<String, Object> transactional = Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "restart");
        try (var world = new World();
                var topic = new Topic(world, transactional)) {
            Pod first = world.pod("kept");
            topic.producer().initTransactions();
            topic.producer().beginTransaction();
            topic.send("writer", "reader", "committed");
            topic.producer().commitTransaction();
            await().atMost(Duration.ofSeconds(30)).until(() -> count(first.chat(), "reader") == 1);
            first.close();

            for (String state : List.of("kept", "empty")) {
                try (Pod restarted = world.pod(state)) {
                    for (String user : List.of("reader", "writer")) {
                        await(state).atMost(Duration.ofSeconds(30)).until(() -> count(restarted.chat(), user) == 1);
                    }
                }
            }
        }
    }

    @Test
    void podThatShutsDownIsReplacedAtOnce() {
        assertQuickTakeover(Stream.of());
    }

    @Test
    void staticMemberThatShutsDownIsReplacedAtOnce() {
        assertQuickTakeover(Stream.of("chatql.history.group-instance-id="));
    }

    private static void assertQuickTakeover(Stream<String> named) {
        List<String> setting = named.toList();
        try (var world = new World()) {
            Pod stopped = world.pod("a", own(setting, "a"));
            append(world, USERS);
            Pod remaining = world.pod("b", own(setting, "b"));
            awaitAll(remaining.chat(), USERS);
            await("both pods have partitions").atMost(Duration.ofSeconds(90)).until(() -> owners(remaining) == 2);
            assertThat(names(remaining)).isEqualTo(setting.isEmpty() ? List.of() : List.of("a-1", "b-1"));

            HistoryStreams streams = stopped.bean(HistoryStreams.class);
            long began = System.nanoTime();
            streams.stop();
            long shutDown = since(began);
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> owners(remaining) == 1);
            long takenOver = since(began);
            awaitAll(remaining.chat(), USERS);

            System.out.printf(
                    "%s static member: shut down after %d ms, the other pod has all partitions after %d ms and has answered %d users after %d ms%n",
                    setting.isEmpty() ? "Without a" : "With a", shutDown, takenOver, USERS, since(began));
            // Less than the session timeout, for which the others would wait if the pod did not leave the group.
            assertThat(takenOver - shutDown).isLessThan(5_000);
        }
    }

    private static long since(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }

    private static String[] own(List<String> settings, String value) {
        return settings.stream().map(setting -> setting + value).toArray(String[]::new);
    }

    private static long owners(Pod pod) {
        HistoryStreams streams = pod.bean(HistoryStreams.class);
        return IntStream.range(0, 4)
                .mapToObj(partition -> streams.owner(StoreLayout.TIMELINE, partition))
                .distinct()
                .count();
    }

    private static List<String> names(Pod pod) {
        String group = pod.bean(HistorySettings.class).applicationId(pod.bean(Epoch.class));
        return pod
                .bean(Admin.class)
                .describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .members()
                .stream()
                .map(MemberDescription::groupInstanceId)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    private static void append(World world, int messages) {
        try (var topic = new Topic(world, Map.of())) {
            IntStream.range(0, messages).forEach(i -> topic.send("writer", user(i), "message " + i));
            topic.producer().flush();
        }
    }

    private static void awaitAll(Chat chat, int messages) {
        IntStream.range(0, USERS)
                .forEach(i ->
                        await().atMost(Duration.ofSeconds(60)).until(() -> count(chat, user(i)) == messages / USERS));
    }

    private static int count(Chat chat, String user) {
        try {
            return chat.messages(user).get("messages").size();
        } catch (CompletionException refused) {
            return -1;
        }
    }

    private static String user(int i) {
        return "user-" + i % USERS;
    }
}
