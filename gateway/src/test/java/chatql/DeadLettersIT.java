package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.admin.DeadLetterCommand;
import chatql.message.DeadLetters;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code java -jar gateway.jar dlt}. */
@ExtendWith(KafkaBroker.class)
class DeadLettersIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final File JAR = new File("target/gateway.jar").getAbsoluteFile();

    private static World world;
    private static Chat chat;
    private static Topic topic;
    private static ConfigurableApplicationContext tool;

    @TempDir
    private Path directory;

    private record Answer(int code, List<JsonNode> lines, String errors) {}

    @BeforeAll
    static void start() {
        world = new World();
        chat = world.pod().chat();
        topic = new Topic(world, Map.of());
        tool = new SpringApplicationBuilder(DeadLetterApplication.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.kafka.bootstrap-servers=" + KafkaBroker.bootstrapServers(),
                        "--chatql.topics.prefix=" + world.topic(""));
    }

    @AfterAll
    static void stop() {
        tool.close();
        topic.close();
        world.close();
    }

    // --- as a process

    @Test
    void jarPrintsHelpWithoutClusterAndStartsNone() throws Exception {
        var help = jar(Map.of(), null, "--help");
        var replay = jar(Map.of(), null, "replay", "--help");

        assertThat(help.status()).isZero();
        assertThat(help.output()).contains("list", "show", "replay", "Exit codes:", "KAFKA_BOOTSTRAP_SERVERS");
        assertThat(replay.status()).isZero();
        assertThat(replay.output()).contains("--value=FILE", "ID...");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void listWithoutClusterFailsWithReasonAndStartsNone() throws Exception {
        var list = jar(Map.of(), null, "list");

        assertThat(list.status()).isEqualTo(1);
        assertThat(list.output()).isEmpty();
        assertThat(list.complaints()).contains("No Kafka cluster is configured").doesNotContain("\tat ");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void jarFindsClusterLikeGatewayAndSupportsPipes() throws Exception {
        topic.sendRaw("process", "mend me").get();
        String id = letter("mend me");
        Map<String, String> environment = Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", KafkaBroker.bootstrapServers(), "CHATQL_TOPICS_PREFIX", world.topic(""));
        Path mended = Files.writeString(directory.resolve("mended.json"), value("process", "mended"));

        var list = jar(environment, null, "list", "--reason=not JSON");
        var replay = jar(environment, mended.toFile(), "replay", "--value", "-", id);

        assertThat(list.status()).as(list.complaints()).isZero();
        assertThat(list.output()
                        .lines()
                        .map(line -> JSON.readTree(line).get("id").stringValue()))
                .contains(id);
        assertThat(replay.status()).as(replay.complaints()).isZero();
        await().until(() -> history("process").equals(List.of("mended")));
    }

    // --- operations

    @Test
    void showPrintsWholeDeadLetter() throws Exception {
        topic.sendRaw("shown", "show me").get();
        String id = letter("show me");

        Answer shown = dlt("show", id);

        assertThat(shown.code()).isZero();
        assertThat(shown.lines()).singleElement().satisfies(letter -> {
            assertThat(letter.get("reason").stringValue()).isEqualTo("not JSON");
            assertThat(letter.get("key").stringValue()).isEqualTo("shown");
            assertThat(letter.get("value").stringValue()).isEqualTo("show me");
            assertThat(letter.get("replayed").booleanValue()).isFalse();
            assertThat(letter.get("headers").findValuesAsString("name")).contains("chatql-reason", "chatql-epoch");
        });
    }

    @Test
    void binaryValueIsShownInBase64() throws Exception {
        byte[] bytes = {(byte) 0xFF, 0, 7};
        topic.producer()
                .send(new ProducerRecord<>(world.topic("messages"), "binary", bytes))
                .get();
        String id = letter(TopicRecords.text(bytes));

        assertThat(dlt("show", id).lines().getFirst().get("valueBase64").stringValue())
                .isEqualTo("/wAH");
    }

    @Test
    void replayOfInvalidMessageIsRejectedWithReason() throws Exception {
        topic.sendRaw("refused", "still wrong").get();
        String id = letter("still wrong");
        Path wrong = Files.writeString(directory.resolve("wrong.json"), "{\"senderId\":\"1\",\"recipientId\":\"2\"}");

        assertThat(dlt("replay", id).code()).isEqualTo(4);
        Answer mended = dlt("replay", "--value", wrong.toString(), id);
        assertThat(mended.code()).isEqualTo(4);
        assertThat(mended.lines().getFirst().get("error").stringValue()).isEqualTo("content is missing");
        assertThat(dlt("show", id).lines().getFirst().get("replayed").booleanValue())
                .isFalse();
    }

    @Test
    void replayedDeadLetterAppearsOnceLiveAndInHistory() throws Exception {
        try (Following live = chat.follow("back", "earliest")) {
            topic.sendRaw("back", "put me back").get();
            String id = letter("put me back");
            Path mended = Files.writeString(directory.resolve("mended.json"), value("back", "mended"));
            Path other = Files.writeString(directory.resolve("other.json"), value("back", "mended in another way"));

            Answer first = dlt("replay", "--value", mended.toString(), id);
            Answer second = dlt("replay", "--value", other.toString(), id);
            chat.send("1", "back", "the end");
            live.await(2);

            assertThat(first.code()).isZero();
            assertThat(first.lines().getFirst().get("offset").longValue()).isNotNegative();
            assertThat(second.code()).isZero();
            assertThat(second.lines().getFirst().get("before").booleanValue()).isTrue();
            assertThat(live.contents()).containsExactly("mended", "the end");
            assertThat(history("back")).containsExactly("mended", "the end");
            assertThat(dlt("list").lines())
                    .noneMatch(letter -> letter.get("id").stringValue().equals(id));
            assertThat(dlt("list", "--all").lines())
                    .anyMatch(letter -> letter.get("id").stringValue().equals(id)
                            && letter.get("replayed").booleanValue());
        }
    }

    @Test
    void interruptedReplayAppearsOnceAfterRepeat() throws Exception {
        topic.sendRaw("half", "half-way").get();
        JsonNode letter = dlt("show", letter("half-way")).lines().getFirst();
        String life = letter.get("headers")
                .valueStream()
                .filter(header -> header.get("name").stringValue().equals("chatql-epoch"))
                .findFirst()
                .orElseThrow()
                .get("value")
                .stringValue();
        Path mended = Files.writeString(directory.resolve("mended.json"), value("half", "mended"));
        // The record that an interrupted first replay would have written.
        var first = new ProducerRecord<>(
                world.topic("messages"), "half", value("half", "mended").getBytes(StandardCharsets.UTF_8));
        first.headers()
                .add(
                        "chatql-original-position",
                        "%s/%d/%d"
                                .formatted(
                                        life,
                                        letter.get("partition").intValue(),
                                        letter.get("offset").longValue())
                                .getBytes(StandardCharsets.UTF_8));
        topic.producer().send(first).get();

        assertThat(dlt("replay", "--value", mended.toString(), letter.get("id").stringValue())
                        .code())
                .isZero();
        chat.send("1", "half", "the end");

        assertThat(history("half")).containsExactly("mended", "the end");
    }

    @Test
    void unknownDeadLetterAndWrongUsageHaveTheirOwnExitCodes() {
        assertThat(dlt("show", "0-1000000").code()).isEqualTo(3);
        assertThat(dlt("replay", "nonsense").code()).isEqualTo(3);
        assertThat(dlt().code()).isEqualTo(2);
        assertThat(dlt("burn").code()).isEqualTo(2);
        assertThat(dlt("replay", "--value", "-", "0-1", "0-2").code()).isEqualTo(2);
        assertThat(dlt("replay").code()).isEqualTo(2);
    }

    // ---

    private static String letter(String value) {
        var found = new AtomicReference<String>();
        await("the dead letter").atMost(Duration.ofSeconds(30)).until(() -> {
            tool.getBean(DeadLetters.class).each(letter -> {
                if (value.equals(TopicRecords.text(letter.value()))) {
                    found.set(letter.id());
                }
            });
            return found.get() != null;
        });
        return found.get();
    }

    private static Answer dlt(String... arguments) {
        var out = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        int code = DeadLetterCommand.run(
                () -> tool.getBean(DeadLetters.class),
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8),
                arguments);
        return new Answer(
                code,
                out.toString(StandardCharsets.UTF_8).lines().map(JSON::readTree).toList(),
                errors.toString(StandardCharsets.UTF_8));
    }

    private Program.Ended jar(Map<String, String> environment, File input, String... arguments) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String[] command = Stream.concat(Stream.of(java, "-jar", JAR.toString(), "dlt"), Stream.of(arguments))
                .toArray(String[]::new);
        Files.createDirectories(directory);
        return Program.run(directory, environment, input, command);
    }

    private static String value(String recipient, String content) {
        return "{\"senderId\":\"1\",\"recipientId\":\"%s\",\"content\":\"%s\"}".formatted(recipient, content);
    }

    private static List<String> history(String user) {
        return chat.messages(user)
                .get("messages")
                .valueStream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }
}
