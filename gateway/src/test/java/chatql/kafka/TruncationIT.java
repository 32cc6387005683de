package chatql.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.Chat;
import chatql.Following;
import chatql.KafkaBroker;
import chatql.Pod;
import chatql.PodProcess;
import chatql.World;
import chatql.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * A broker restarts without the end of its acknowledged log, as after a power loss: its directory is that of the time
 * after four of ten messages. The steps are those of docs/lost-broker.md.
 */
@ExtendWith(KafkaBroker.class)
class TruncationIT {
    private static final int REMAINING = 4;
    private static final int SENT = 10;

    @TempDir
    Path directory;

    private EmbeddedKafka broker;
    private World world;

    @BeforeEach
    void start() {
        broker = EmbeddedKafka.start(directory.resolve("kafka"));
        world = new World("spring.kafka.bootstrap-servers=" + broker.bootstrapServers());
    }

    @AfterEach
    void stop() {
        world.close();
        broker.close();
    }

    @Test
    void truncatedLogIsServedWholeOnlyAfterPodsRestart() {
        Pod pod = world.pod("a");
        List<JsonNode> messages = sendAll(pod.chat());
        List<Senders.Attempt> stored;
        try (var lines = new LogLines();
                Following open = pod.chat().follow("reader", "earliest").await(SENT)) {
            powerLoss();
            try (var senders = new Senders(pod.chat(), 3)) {
                await("readiness")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> lines.with(" has lost records that it had")
                                .findAny()
                                .isPresent());
                assertThat(open.awaitEnd().toString()).contains("LOG_CHANGED");
                assertThat(pod.isReady()).isFalse();
                JsonNode refused = pod.chat()
                        .createMessage(Map.of("senderId", "writer", "recipientId", "reader", "content", "refused"));
                assertThat(refused.get("success").booleanValue()).isFalse();
                assertThat(refused.get("errors").get(0).stringValue()).startsWith("The log has changed");
                stored = senders.attempts().stream()
                        .filter(Senders.Attempt::stored)
                        .toList();
            }
            assertThat(lines.with("has lost offsets 4 to 9 of partition")).hasSize(1);
            assertThat(pod.bean(MeterRegistry.class).counter("chatql.log.lost").count())
                    .isGreaterThanOrEqualTo(SENT - REMAINING);
        }
        pod.close();

        Pod restarted = world.pod("a");
        assertRemainingMessagesAreServed(restarted.chat(), messages);
        stored.forEach(attempt -> await(attempt.content())
                .atMost(Duration.ofSeconds(30))
                .until(() -> restarted.chat().contents(attempt.recipient()).contains(attempt.content())));
    }

    @Test
    void podProcessRestartsInPlaceAndServesTruncatedLog() throws Exception {
        try (var fixed = new World(
                        "spring.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "server.port=" + World.freePort(),
                        "management.server.port=" + World.freePort());
                var pod = PodProcess.ofJar(fixed, "a", "512m")) {
            List<JsonNode> messages = sendAll(pod.chat());
            List<Senders.Attempt> stored;
            try (Following open = pod.chat().follow("reader", "earliest").await(SENT)) {
                powerLoss();
                try (var senders = new Senders(pod.chat(), 3)) {
                    // With LOG_CHANGED, or by the drain, whichever is first.
                    open.awaitEnd();
                    await("the restart")
                            .atMost(Duration.ofSeconds(90))
                            .until(() -> pod.logged().contains("Restarting in this process") && pod.isReady());
                    long before = senders.stored();
                    await("a message stored after it")
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> senders.stored() > before);
                    stored = senders.attempts().stream()
                            .filter(Senders.Attempt::stored)
                            .toList();
                }
            }

            assertRemainingMessagesAreServed(pod.chat(), messages);
            for (Senders.Attempt attempt : stored) {
                await(attempt.content())
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> pod.chat().contents(attempt.recipient()).contains(attempt.content()));
            }
            assertThat(pod.terminate().get(60, TimeUnit.SECONDS)).isEqualTo(143);
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void truncationDuringDowntimeIsDetectedAtNextStart(CapturedOutput output) {
        Pod pod = world.pod("a");
        List<JsonNode> messages = sendAll(pod.chat());
        int partition = partition(messages.getFirst());
        await("stored end of the log")
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.readAllLines(world.data("a").resolve("log-ends")).stream()
                        .anyMatch(line -> line.startsWith(partition + " " + SENT + " ")));
        pod.close();
        powerLoss();

        try (Pod restarted = world.pod("a")) {
            assertRemainingMessagesAreServed(restarted.chat(), messages);
        }
        try (Pod third = world.pod("a")) {
            await("history")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> third.chat().contents("reader").size() == REMAINING + 1);
        }
        assertThat(output).containsOnlyOnce("has lost offsets 4 to 9 of partition " + partition);
    }

    /** Sends all messages; the broker later keeps the first four. */
    private List<JsonNode> sendAll(Chat chat) {
        List<JsonNode> kept = send(chat, 0, REMAINING);
        copy(directory.resolve("kafka"), directory.resolve("copy"));
        List<JsonNode> lost = send(chat, REMAINING, SENT);
        for (String user : List.of("reader", "writer")) {
            await(user)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> chat.contents(user).size() == SENT);
        }
        return Stream.concat(kept.stream(), lost.stream()).toList();
    }

    private static List<JsonNode> send(Chat chat, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> chat.send("writer", "reader", "m" + number))
                .toList();
    }

    private void assertRemainingMessagesAreServed(Chat chat, List<JsonNode> messages) {
        List<String> remaining = List.of("m0", "m1", "m2", "m3");
        for (String user : List.of("reader", "writer")) {
            await(user)
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> chat.contents(user).containsAll(remaining));
            assertThat(chat.contents(user)).isEqualTo(remaining);
        }
        try (Following before = chat.follow("reader", cursor(messages, 2)).await(1);
                Following lost = chat.follow("reader", cursor(messages, 7))) {
            JsonNode after = chat.send("writer", "reader", "after");
            before.await(2);
            assertThat(messages).extracting(message -> message.get("id")).doesNotContain(after.get("id"));

            assertThat(before.contents()).containsExactly("m3", "after");
            assertThat(lost.awaitEnd().toString()).contains("CURSOR_EXPIRED").contains("was lost");
            try (Following last = chat.follow("reader", cursor(messages, 3)).await(1)) {
                assertThat(last.contents()).containsExactly("after");
            }
        }
        for (String user : List.of("reader", "writer")) {
            await(user)
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> chat.contents(user).equals(List.of("m0", "m1", "m2", "m3", "after")));
        }
        JsonNode refused = chat.page(Map.of("userId", "reader", "after", cursor(messages, 7)));
        assertThat(refused.get("errors").get(0).stringValue()).contains("was lost");
    }

    private static String cursor(List<JsonNode> messages, int number) {
        return messages.get(number).get("cursor").stringValue();
    }

    private static int partition(JsonNode message) {
        return Integer.parseInt(message.get("id").stringValue().split("-")[0]);
    }

    // --- the broker

    private void powerLoss() {
        String address = broker.bootstrapServers();
        broker.close();
        FileSystemUtils.deleteRecursively(directory.resolve("kafka").toFile());
        copy(directory.resolve("copy"), directory.resolve("kafka"));
        broker = EmbeddedKafka.start(
                directory.resolve("kafka"), Integer.parseInt(address.substring(address.indexOf(':') + 1)));
    }

    /** Copies without the indexes, which are large and are rebuilt. */
    private static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path :
                    all.filter(path -> !path.toString().endsWith("index")).toList()) {
                Path copied = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copied);
                } else {
                    Files.copy(path, copied);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
