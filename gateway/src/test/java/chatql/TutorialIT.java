package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(KafkaBroker.class)
class TutorialIT {
    private static World world;
    private static Chat chat;

    @BeforeAll
    static void start() {
        world = new World();
        chat = world.pod().chat();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void tutorialWorksAndItsDataSurvivesRestart() {
        try (World fresh = new World()) {
            walkThrough(fresh);
        }
    }

    private static void walkThrough(World fresh) {
        Pod pod = fresh.pod("first");
        Chat chat = pod.chat();

        JsonNode alice = chat.createUser("Alice");
        JsonNode bob = chat.createUser("Bob");

        assertThat(alice.get("success").booleanValue()).isTrue();
        assertThat(alice.get("user").get("userId").stringValue()).isEqualTo("1");
        assertThat(bob.get("user").get("userId").stringValue()).isEqualTo("2");
        assertThat(chat.userId("Bob").stringValue()).isEqualTo("2");
        assertThat(chat.userId("Carol").isNull()).isTrue();

        try (Following following = chat.follow("2", "earliest")) {
            JsonNode sent = chat.send("1", "2", "Hello Bob");
            following.await(1);

            assertThat(following.contents()).containsExactly("Hello Bob");
            assertThat(following.cursor("")).isEqualTo(sent.get("cursor").stringValue());
            assertThat(chat.messages("1").get("messages").get(0)).isEqualTo(sent);
            assertThat(chat.messages("2").get("messages").get(0)).isEqualTo(sent);
        }

        JsonNode before = chat.messages("2");
        pod.close();
        Chat again = fresh.pod("first").chat();

        assertThat(again.messages("2")).isEqualTo(before);
        assertThat(again.userId("Alice").stringValue()).isEqualTo("1");
        assertThat(again.createUser("Carol").get("user").get("userId").stringValue())
                .isEqualTo("3");
    }

    @Test
    void exactlyOneOfTwoHundredClaimsOfOneNameWins() {
        List<CompletableFuture<JsonNode>> claims = IntStream.range(0, 200)
                .mapToObj(i -> chat.executeAsync(
                        "mutation { createUser(username: \"Alice\") { success errors user { userId } } }", Map.of()))
                .toList();
        List<JsonNode> results = claims.stream()
                .map(CompletableFuture::join)
                .map(data -> data.get("createUser"))
                .toList();

        assertThat(results)
                .filteredOn(result -> result.get("success").booleanValue())
                .hasSize(1);
        assertThat(results)
                .filteredOn(result -> !result.get("success").booleanValue())
                .hasSize(199)
                .allSatisfy(result ->
                        assertThat(result.get("errors").get(0).stringValue()).isEqualTo("Username is taken"));
    }

    @Test
    void invalidArgumentIsRejectedByName() {
        assertThat(chat.createUser(" ").toString()).contains("\"success\":false", "username must not be blank");
        assertThat(chat.createUser("x".repeat(65)).toString()).contains("\"success\":false", "username");
        assertThat(chat.createMessage(Map.of("content", "x")).toString())
                .contains("\"success\":false", "senderId must not be blank", "recipientId must not be blank");
        assertThat(chat.createMessage(Map.of("senderId", "1", "recipientId", "2", "content", "x".repeat(16385)))
                        .toString())
                .contains("\"success\":false", "content must not be larger than 16384 bytes");
        assertThat(chat.messages("nobody").get("messages")).isEmpty();
        assertThat(chat.messages("nobody").get("success").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "👩‍🚀 🇺🇳",
                "שלום עולם",
                "a\nb\r\n\tc",
                "\"quoted\" \\ 'too'",
                "\0\u0001\u001f\u007f",
                "\u2028\u2029\ufeff"
            })
    void contentIsPreservedByteForByte(String content) {
        String recipient = "recipient of " + content.hashCode();
        try (Following following = chat.follow(recipient, "earliest")) {
            chat.send("1", recipient, content);
            chat.send("1", recipient, "and on it goes");
            following.await(2);

            assertThat(following.contents()).containsExactly(content, "and on it goes");
        }
        assertThat(chat.messages(recipient)
                        .get("messages")
                        .get(0)
                        .get("content")
                        .stringValue())
                .isEqualTo(content);
    }

    @Test
    void subscriptionWithBlankUserIdIsErrorAndSocketStaysOpen() {
        try (Following following = chat.follow(" ", null)) {
            JsonNode end = following.awaitEnd();

            assertThat(end.get("type").stringValue()).isEqualTo("error");
            assertThat(end.toString()).contains("userId must not be blank", "BAD_USER_INPUT");
            assertThat(following.closed()).isNull();
        }
    }
}
