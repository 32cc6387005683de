package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.message.Cursor;
import chatql.user.UserId;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(KafkaBroker.class)
class ResumeIT {
    private static final int RACES = Integer.getInteger("resume.races", 200);

    private static World world;
    private static Pod one;
    private static Pod two;

    @BeforeAll
    static void start() {
        world = new World();
        one = world.pod();
        two = world.pod();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void subscriptionResumesOnAnotherPodWithoutGapOrDuplicate() {
        List<String> sent = say("resume", 0, 30);

        String cursor;
        try (Following first = one.chat().follow("resume", "earliest").await(30)) {
            cursor = first.cursor(9);
        }
        try (Following second = two.chat().follow("resume", cursor).await(20)) {
            List<String> later = say("resume", 30, 10);
            second.await(30);

            assertThat(second.contents())
                    .isEqualTo(Stream.concat(sent.subList(10, 30).stream(), later.stream())
                            .toList());
        }
    }

    @Test
    void subscriptionAfterMutationCursorStartsRightAfterIt() {
        JsonNode first = one.chat().send("1", "behind", "first");
        one.chat().send("1", "behind", "second");

        try (Following following =
                two.chat().follow("behind", first.get("cursor").stringValue())) {
            one.chat().send("1", "behind", "third");
            following.await(2);

            assertThat(following.contents()).containsExactly("second", "third");
        }
    }

    @Test
    void startOfLatestContinuesOnAnotherPodWithMissedMessages() {
        say("latest", 0, 3);
        String start;
        try (Following first = one.chat().follow("latest", "latest")) {
            start = first.awaitStart();
        }
        List<String> missed = say("latest", 3, 3);

        try (Following second = two.chat().follow("latest", start).await(3)) {
            assertThat(second.contents()).isEqualTo(missed);
            assertThat(second.starts()).isZero();
        }
    }

    @Test
    void startInEmptyLogContinuesWithMissedMessages() {
        try (var fresh = new World()) {
            Chat chat = fresh.pod().chat();
            String start;
            try (Following first = chat.follow("anna", "latest")) {
                start = first.awaitStart();
            }
            chat.send("1", "anna", "missed");

            try (Following second = chat.follow("anna", start).await(1)) {
                assertThat(offset(start)).isEqualTo(-1);
                assertThat(second.contents()).containsExactly("missed");
            }
        }
    }

    @Test
    void queryCanWaitForTheStart() {
        String sender = World.userOutside(World.KEY_PARTITIONER.of(new UserId("waiting")), "sender");
        one.chat().send(sender, "waiting", "before");
        String start;
        try (Following following = one.chat().follow("waiting", "latest")) {
            start = following.awaitStart();
        }

        assertThat(texts(two.chat().page(Map.of("userId", "waiting", "last", 5, "atLeast", start))))
                .containsExactly("before");
        assertThat(texts(two.chat().page(Map.of("userId", "waiting", "first", 5, "after", start))))
                .containsExactly("before");
    }

    @Test
    void eventStreamFromLatestBeginsWithItsId() throws Exception {
        String cursor = one.chat().send("1", "stream", "before").get("cursor").stringValue();
        await().until(() -> texts(two.chat().messages("stream")).size() == 1);
        try (var stream = new EventStream(two, "stream", "latest")) {
            stream.await(1);

            String id = stream.ids().getFirst();
            assertThat(stream.events())
                    .containsExactly("{\"data\":{\"messages\":null},\"extensions\":{\"cursor\":\"%s\"}}".formatted(id));
            assertThat(offset(id)).isGreaterThanOrEqualTo(offset(cursor));
        }
    }

    /** {@code -Dresume.races} sets the number of races. */
    @Test
    @Timeout(3_600)
    void messageSentWhileSubscribingIsDeliveredExactlyIfItIsAfterTheStart() throws Exception {
        var races = new Races();
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < RACES; i++) {
                String user = "race" + i;
                all.add(threads.submit(() -> races.run(user)));
            }
            for (Future<?> race : all) {
                race.get();
            }
        }
        System.out.printf(
                "%,d races of subscribing and sending, %,d of them after the start%n", RACES, races.after.get());
        assertThat(races.after.get()).isBetween(RACES / 20, RACES - RACES / 20);
    }

    private static final class Races {
        private final AtomicInteger after = new AtomicInteger();

        /** How long one subscribes, in nanoseconds: messages are sent within twice that. */
        private final AtomicLong subscribing =
                new AtomicLong(Duration.ofMillis(20).toNanos());

        void run(String user) {
            long begin = System.nanoTime();
            try (Following following = one.chat().follow(user, "latest")) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2 * subscribing.get()));
                JsonNode raced = two.chat().send("1", user, "raced");
                boolean isAfter = offset(raced.get("cursor").stringValue()) > offset(start(following, begin));
                after.addAndGet(isAfter ? 1 : 0);
                one.chat().send("1", user, "last");
                Awaitility.await("the last message of " + user)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> following.contents().contains("last"));
                assertThat(following.contents()).isEqualTo(isAfter ? List.of("raced", "last") : List.of("last"));
            }
        }

        private String start(Following following, long begin) {
            boolean isWaiting = following.starts() == 0;
            String start = following.awaitStart();
            if (isWaiting) {
                subscribing.set(System.nanoTime() - begin);
            } else {
                subscribing.updateAndGet(time -> Math.max(1, time * 9 / 10));
            }
            return start;
        }
    }

    private static long offset(String cursor) {
        return Cursor.parse(cursor).orElseThrow().offset();
    }

    @Test
    void messageOrderIsSameForEverySubscriber() {
        List<CompletableFuture<JsonNode>> sent = IntStream.range(0, 300)
                .mapToObj(i -> (i % 2 == 0 ? one : two).chat().sendAsync("s" + i % 7, "order", "m" + i))
                .toList();
        sent.forEach(CompletableFuture::join);

        // A pod waits for its own writes; those of the other pod arrive a moment later.
        await().until(() -> texts(one.chat().messages("order")).size() == 300);
        List<String> history = texts(one.chat().messages("order"));
        try (Following here = one.chat().follow("order", "earliest").await(300);
                Following there = two.chat().follow("order", "earliest").await(300)) {
            assertThat(here.contents()).isEqualTo(history);
            assertThat(there.contents()).isEqualTo(history);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "earliest "})
    void malformedCursorIsRejectedAsInvalid(String after) {
        assertThat(refusal("anybody", after)).contains("CURSOR_INVALID");
    }

    @Test
    void cursorOfAnotherPartitionIsRejected() {
        String other = World.userOutside(World.KEY_PARTITIONER.of(new UserId("mine")), "other");
        String theirs = one.chat().send("1", other, "hello").get("cursor").stringValue();

        assertThat(refusal("mine", theirs)).contains("CURSOR_INVALID");
    }

    @Test
    void cursorBeforeOldestKeptMessageIsExpired() throws Exception {
        JsonNode first = one.chat().send("1", "expired", "1");
        one.chat().send("1", "expired", "2");
        JsonNode last = one.chat().send("1", "expired", "3");
        int partition = Integer.parseInt(last.get("id").stringValue().split("-")[0]);
        long offset = Long.parseLong(last.get("id").stringValue().split("-")[1]);
        var place = new TopicPartition(world.topic("messages"), partition);
        one.bean(Admin.class)
                .deleteRecords(Map.of(place, RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();

        assertThat(refusal("expired", first.get("cursor").stringValue())).contains("CURSOR_EXPIRED");
    }

    @Test
    void eventStreamResumesAfterItsLastEventId() throws Exception {
        JsonNode first = one.chat().send("1", "events", "first");
        JsonNode second = one.chat().send("1", "events", "second");
        String document = "{\"query\":\"subscription { messages(userId: \\\"events\\\") { content } }\"}";
        HttpRequest request = HttpRequest.newBuilder(two.chat().uri())
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", first.get("cursor").stringValue())
                .POST(HttpRequest.BodyPublishers.ofString(document))
                .build();

        try (HttpClient client = HttpClient.newHttpClient()) {
            List<String> event;
            try (Stream<String> lines =
                    client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
                event = lines.dropWhile(line -> !line.startsWith("event: next"))
                        .limit(3)
                        .toList();
            }
            client.shutdownNow();

            assertThat(event)
                    .containsExactlyInAnyOrder(
                            "event: next",
                            "id: " + second.get("cursor").stringValue(),
                            "data: {\"data\":{\"messages\":{\"content\":\"second\"}}}");
        }
    }

    @Test
    void retriedMessageIsDeliveredOnceAndAnsweredWithFirst() {
        Map<String, String> message =
                Map.of("senderId", "1", "recipientId", "again", "content", "once", "clientMessageId", "a");
        try (Following live = two.chat().follow("again", "earliest")) {
            JsonNode first = one.chat().createMessage(message).get("message");
            JsonNode retriedHere = one.chat().createMessage(message).get("message");
            JsonNode retriedThere = two.chat().createMessage(message).get("message");
            one.chat().send("1", "again", "next");
            live.await(2);

            assertThat(retriedHere).isEqualTo(first);
            assertThat(retriedThere.get("content")).isEqualTo(first.get("content"));
            assertThat(live.contents()).containsExactly("once", "next");
            assertThat(texts(one.chat().messages("again"))).containsExactly("once", "next");
        }
        try (Following resumed = one.chat().follow("again", "earliest").await(2)) {
            assertThat(resumed.contents()).containsExactly("once", "next");
        }
    }

    @Test
    void messageWithoutClientMessageIdIsNotDeduplicated() {
        one.chat().send("1", "twice", "hello");
        one.chat().send("1", "twice", "hello");

        assertThat(texts(one.chat().messages("twice"))).containsExactly("hello", "hello");
    }

    @Test
    void concurrentRetriesOnBothPodsAreDeliveredOnce() {
        try (Following live = two.chat().follow("storm", "earliest");
                Following other = one.chat().follow("storm", "earliest")) {
            List<CompletableFuture<JsonNode>> sent = IntStream.range(0, 400)
                    .mapToObj(i -> (i % 2 == 0 ? one : two)
                            .chat()
                            .createMessageAsync(Map.of(
                                    "senderId",
                                    "1",
                                    "recipientId",
                                    "storm",
                                    "content",
                                    "m" + i / 8,
                                    "clientMessageId",
                                    "" + i / 8)))
                    .toList();
            sent.forEach(CompletableFuture::join);
            one.chat().send("1", "storm", "the end");
            live.await(51);
            other.await(51);

            List<String> history = texts(one.chat().messages("storm"));
            assertThat(history).hasSize(51).doesNotHaveDuplicates();
            assertThat(live.contents()).isEqualTo(history);
            assertThat(other.contents()).isEqualTo(history);
        }
    }

    private static String refusal(String user, String after) {
        try (Following following = one.chat().follow(user, after)) {
            return following.awaitEnd().toString();
        }
    }

    private static List<String> say(String recipient, int from, int count) {
        List<String> sent =
                IntStream.range(from, from + count).mapToObj(i -> "m" + i).toList();
        sent.forEach(text -> one.chat().send("1", recipient, text));
        return sent;
    }

    private static List<String> texts(JsonNode result) {
        return result.get("messages")
                .valueStream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }
}
