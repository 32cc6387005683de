package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Confusable names are one name, on two pods, and in a log from before that rule. */
@ExtendWith(KafkaBroker.class)
class NamesIT {
    private static World world;
    private static List<Chat> pods;

    @BeforeAll
    static void begin() {
        world = new World("chatql.topics.user-partitions=3");
        pods = List.of(world.pod().chat(), world.pod().chat());
        world.awaitUsersOnEachPod();
        before(world, "vera", "VERA", "Walter ", "\u0445aver", "XENIA", "XeniA", "Yves");
        await("the earlier claims")
                .atMost(Duration.ofSeconds(30))
                .until(() -> pods.stream().allMatch(pod -> pod.userId("Yves").isString()));
    }

    @AfterAll
    static void end() {
        world.close();
    }

    /** Claims as they were written before there was a rule. */
    private static void before(World world, String... names) {
        var settings = Map.<String, Object>of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            byte[] claim = "{\"claimId\":\"some\"}".getBytes(StandardCharsets.UTF_8);
            Stream.of(names).forEach(name -> producer.send(new ProducerRecord<>(world.topic("users"), name, claim)));
        }
    }

    @Test
    void usernameIsTakenForAllLookAlikes() {
        JsonNode alice = pods.getFirst().createUser("Alice").get("user");

        assertThat(alice.get("username").stringValue()).isEqualTo("Alice");
        for (String name : List.of("alice", "ALICE", "\uFF21lice", "\u0430\u04cf\u0456\u0441\u0435")) {
            assertThat(errors(pods.getLast().createUser(name))).as(name).containsExactly("Username is taken");
        }
        for (String name : List.of("Alice", "alice", "ALICE")) {
            assertThat(pods.getLast().userId(name)).as(name).isEqualTo(alice.get("userId"));
        }
        assertThat(pods.getLast().users(Map.of("prefix", "ALI")).get("users").valueStream())
                .extracting(user -> user.get("username").stringValue())
                .containsExactly("Alice");
    }

    @Test
    void exactlyOneClaimWinsAcrossAllSpellings() {
        List<String> spellings = IntStream.range(0, 64)
                .mapToObj(number -> spelled("gustav", number))
                .toList();

        var answers = spellings.stream()
                .map(name -> pods.get(name.hashCode() & 1).createUserAsync(name))
                .toList();

        assertThat(answers)
                .filteredOn(answer -> answer.join().get("success").booleanValue())
                .hasSize(1);
    }

    /** The name with capitals where the bits of the number are set. */
    private static String spelled(String name, int number) {
        var spelled = new StringBuilder(name);
        for (int i = 0; i < name.length(); i++) {
            if (((number >> i) & 1) == 1) {
                spelled.setCharAt(i, Character.toUpperCase(name.charAt(i)));
            }
        }
        return spelled.toString();
    }

    @Test
    void olderUsernamesKeepTheirUsersOnEveryPod() {
        List<String> names = List.of("vera", "VERA", "Walter ", "\u0445aver", "XENIA", "XeniA", "Yves");
        for (Chat pod : pods) {
            assertThat(names.stream().map(name -> pod.userId(name).stringValue()))
                    .doesNotHaveDuplicates()
                    .hasSize(names.size());
        }
        assertThat(pods.getFirst().userId("yves")).isEqualTo(pods.getLast().userId("Yves"));
        assertThat(pods.getFirst().userId("Vera"))
                .as("small letters")
                .isEqualTo(pods.getLast().userId("vera"));
        assertThat(pods.getFirst().userId("xenia").isNull())
                .as("two claims, neither spelled so")
                .isTrue();
        assertThat(pods.getFirst().userId("Walter").isNull()).as("another name").isTrue();
        assertThat(pods.getFirst().users(Map.of("prefix", "ver")).get("users")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"Vera", "walter", "Xaver", "xenia", "YVES"})
    void lookAlikeOfOlderUsernameIsRejected(String name) {
        for (Chat pod : pods) {
            assertThat(errors(pod.createUser(name))).containsExactly("Username is taken");
        }
    }

    @ParameterizedTest
    @CsvSource(ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            alice |username must not begin or end with a blank, or have two in a row
            al\u200Bice|username must have letters, digits and the characters of ASCII only
            \u0430lice|username must not mix alphabets
            """, delimiter = '|')
    void forbiddenUsernameIsRejectedWithReason(String name, String reason) {
        JsonNode answer = pods.getFirst().createUser(name);

        assertThat(answer.get("success").booleanValue()).isFalse();
        assertThat(errors(answer)).containsExactly(reason);
    }

    private static List<String> errors(JsonNode answer) {
        return answer.get("errors").valueStream().map(JsonNode::stringValue).toList();
    }
}
