package chatql;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.message.Cursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Pages of messages and of users, queried on two pods, each of which stores some partitions. */
@ExtendWith(KafkaBroker.class)
class PagesIT {
    private static World world;
    private static List<Chat> pods;

    @BeforeAll
    static void begin() {
        world = new World("chatql.topics.user-partitions=2");
        pods = List.of(world.pod().chat(), world.pod().chat());
        world.awaitUsersOnEachPod();
    }

    @AfterAll
    static void end() {
        world.close();
    }

    @Test
    void pagingOverAnyPodsReturnsAllMessagesOnce() {
        String sent = "";
        for (int i = 0; i < 20; i++) {
            Chat pod = pods.get(i % 2);
            if (i % 3 == 0) {
                sent = pod.send("ben", "anna", "m" + i).get("cursor").stringValue();
            } else {
                pod.send("anna", "ben", "m" + i);
            }
        }
        String newest = pods.getFirst().send("anna", "ben", "m20").get("cursor").stringValue();
        List<String> backwards = new ArrayList<>();
        // A sent message may enter the sender's history later than a message received after it.
        pods.getLast().page(Map.of("userId", "ben", "last", 1, "atLeast", sent));

        JsonNode page = pods.getLast().page(Map.of("userId", "ben", "last", 6, "atLeast", newest));
        backwards.addAll(0, contents(page));
        while (page.get("pageInfo").get("hasPreviousPage").booleanValue()) {
            String before = page.get("pageInfo").get("startCursor").stringValue();
            page = pods.get(backwards.size() % 2).page(Map.of("userId", "ben", "last", 6, "before", before));
            backwards.addAll(0, contents(page));
        }

        assertThat(backwards)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, 20).mapToObj(i -> "m" + i).toList());
    }

    @Test
    void defaultPageIsLatest500OldestFirst() {
        List<String> sent = IntStream.range(0, 510).mapToObj(i -> "m" + i).toList();
        var cursors = new ArrayList<String>();
        sent.forEach(text -> cursors.add(
                pods.getFirst().send("x", "much", text).get("cursor").stringValue()));

        JsonNode page = pods.getFirst().page(Map.of("userId", "much"));

        assertThat(contents(page)).containsExactlyElementsOf(sent.subList(10, 510));
        assertThat(page.get("pageInfo").get("startCursor").stringValue()).isEqualTo(cursors.get(10));
        assertThat(page.get("pageInfo").get("endCursor").stringValue()).isEqualTo(cursors.get(509));
        assertThat(page.get("pageInfo").get("hasPreviousPage").booleanValue()).isTrue();
        assertThat(page.get("pageInfo").get("hasNextPage").booleanValue()).isFalse();
    }

    @Test
    void conversationIsWithOneOtherUser() {
        pods.getFirst().send("dora", "emil", "1");
        pods.getFirst().send("fred", "dora", "2");
        String last = pods.getFirst().send("emil", "dora", "3").get("cursor").stringValue();

        JsonNode page = pods.getLast().page(Map.of("userId", "dora", "with", "emil", "atLeast", last));

        assertThat(contents(page)).containsExactly("1", "3");
    }

    @Test
    void readWithAtLeastSeesWriteOfAnotherPod() {
        for (int i = 0; i < 100; i++) {
            String cursor =
                    pods.get(i % 2).send("gert", "hans", "m" + i).get("cursor").stringValue();
            Chat other = pods.get(1 - i % 2);

            assertThat(contents(other.page(Map.of("userId", "hans", "last", 1, "atLeast", cursor))))
                    .containsExactly("m" + i);
            assertThat(contents(other.page(Map.of("userId", "gert", "last", 1, "atLeast", cursor))))
                    .containsExactly("m" + i);
        }
    }

    @Test
    void readWithUnreachableAtLeastFailsWithinBound() {
        Cursor known = Cursor.parse(
                        pods.getFirst().send("ida", "jan", "1").get("cursor").stringValue())
                .orElseThrow();
        String never =
                new Cursor(known.epoch(), known.timestamp(), known.partition(), known.offset() + 1_000_000).text();

        long begin = System.nanoTime();
        List<JsonNode> answers = pods.stream()
                .map(pod -> pod.page(Map.of("userId", "jan", "atLeast", never)))
                .toList();
        long each = (System.nanoTime() - begin) / 2_000_000;

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.get("success").booleanValue()).isFalse();
            assertThat(errors(answer)).containsExactly("History has not caught up with the log, try again");
        });
        assertThat(each).isBetween(1_900L, 5_000L);
    }

    @Test
    void cursorOfAnotherEpochIsRejected() {
        String foreign = new Cursor(1, 1, 1, 1).text();

        for (String argument : List.of("after", "before", "atLeast")) {
            JsonNode answer = pods.getFirst().page(Map.of("userId", "ben", argument, foreign));

            assertThat(answer.get("success").booleanValue()).isFalse();
            assertThat(errors(answer)).singleElement().asString().startsWith("The cursor is not one of");
        }
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(Map.of("first", 0), "first must be from 1 to 1000"),
                Arguments.of(Map.of("first", -1), "first must be from 1 to 1000"),
                Arguments.of(Map.of("first", 1001), "first must be from 1 to 1000"),
                Arguments.of(Map.of("first", Integer.MAX_VALUE), "first must be from 1 to 1000"),
                Arguments.of(Map.of("last", 0), "last must be from 1 to 1000"),
                Arguments.of(Map.of("last", Integer.MIN_VALUE), "last must be from 1 to 1000"),
                Arguments.of(Map.of("last", 1001), "last must be from 1 to 1000"),
                Arguments.of(Map.of("first", 1, "last", 1), "first and last exclude each other"),
                Arguments.of(Map.of("after", "x"), "after is not a cursor"),
                Arguments.of(Map.of("before", ""), "before is not a cursor"),
                Arguments.of(Map.of("atLeast", "earliest"), "atLeast is not a cursor"),
                Arguments.of(Map.of("with", " "), "with must not be blank"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void invalidArgumentIsRejectedByName(Map<String, Object> arguments, String error) {
        var all = new HashMap<>(arguments);
        all.put("userId", "ben");

        JsonNode answer = pods.getFirst().page(all);

        assertThat(answer.get("success").booleanValue()).isFalse();
        assertThat(answer.get("messages").isNull()).isTrue();
        assertThat(errors(answer)).containsExactly(error);
    }

    @Test
    void usersAreFoundByUsernamePrefixInAnyCase() {
        Stream.of("Quentin", "quill", "Qu\u00e9bec", "QUARK", "Q", "R\u00f6schen")
                .forEach(name -> assertThat(
                                pods.getFirst().createUser(name).get("success").booleanValue())
                        .isTrue());

        for (Chat pod : pods) {
            assertThat(names(pod.users(Map.of("prefix", "QU"))))
                    .containsExactly("QUARK", "Quentin", "quill", "Qu\u00e9bec");
            assertThat(names(pod.users(Map.of("prefix", "r\u00d6")))).containsExactly("R\u00f6schen");
            assertThat(names(pod.users(Map.of("prefix", "nobody")))).isEmpty();
        }
        JsonNode quill =
                pods.getFirst().users(Map.of("prefix", "quil")).get("users").get(0);
        assertThat(quill.get("userId")).isEqualTo(pods.getLast().userId("quill"));
    }

    @Test
    void usersAreReturnedPageByPage() {
        List<String> created =
                IntStream.range(0, 25).mapToObj(i -> "zoe%02d".formatted(i)).toList();
        assertThat(created).allSatisfy(name -> {
            JsonNode answer = pods.getFirst().createUser(name);
            assertThat(answer.get("success").booleanValue())
                    .as(answer.toString())
                    .isTrue();
        });
        List<String> found = new ArrayList<>();

        JsonNode page = pods.getLast().users(Map.of("prefix", "Zoe", "first", 7));
        assertThat(page.get("pageInfo").get("hasPreviousPage").booleanValue()).isFalse();
        found.addAll(names(page));
        while (page.get("pageInfo").get("hasNextPage").booleanValue()) {
            String after = page.get("pageInfo").get("endCursor").stringValue();
            page = pods.getFirst().users(Map.of("prefix", "Zoe", "first", 7, "after", after));
            found.addAll(names(page));
        }

        assertThat(found).isEqualTo(created);
    }

    static Stream<Arguments> wrongForUsers() {
        return Stream.of(
                Arguments.of(Map.of("first", 0), "first must be from 1 to 1000"),
                Arguments.of(Map.of("first", 1001), "first must be from 1 to 1000"),
                Arguments.of(Map.of("after", "!"), "after is not a cursor"),
                Arguments.of(Map.of("prefix", "x".repeat(65)), "prefix must not be longer than 64 characters"));
    }

    @ParameterizedTest
    @MethodSource("wrongForUsers")
    void invalidSearchArgumentIsRejectedByName(Map<String, Object> arguments, String error) {
        JsonNode answer = pods.getFirst().users(arguments);

        assertThat(answer.get("success").booleanValue()).isFalse();
        assertThat(errors(answer)).containsExactly(error);
    }

    private static List<String> contents(JsonNode page) {
        assertThat(page.get("errors").isNull()).as(page.toString()).isTrue();
        return page.get("messages")
                .valueStream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }

    private static List<String> names(JsonNode page) {
        assertThat(page.get("errors").isNull()).as(page.toString()).isTrue();
        return page.get("users")
                .valueStream()
                .map(user -> user.get("username").stringValue())
                .toList();
    }

    private static List<String> errors(JsonNode answer) {
        return answer.get("errors").valueStream().map(JsonNode::stringValue).toList();
    }
}
