package chatql.kafka.topology;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.history.PageRequest;
import chatql.kafka.record.InvalidRecordReason;
import chatql.kafka.record.RecordSize;
import chatql.kafka.store.SourceCheckpoint;
import chatql.kafka.store.TimelineReader;
import chatql.kafka.store.UsernameClaim;
import chatql.kafka.topic.KeyPartitioner;
import chatql.message.Epochs;
import chatql.message.Message;
import chatql.user.UserId;
import chatql.user.Username;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTopologyTest {
    private static final long HOUR = 3_600_000;

    @TempDir
    Path directory;

    private HistoryDriver history;

    @BeforeEach
    void begin() {
        history = new HistoryDriver(directory.resolve("stores"), 1, 1);
    }

    @AfterEach
    void end() {
        history.close();
    }

    // --- timelines

    @Test
    void messageIsStoredInTimelinesOfRecipientAndSender() {
        history.say("anna", "ben", "hello", 100);

        assertThat(history.timelineOf("ben")).containsExactly("hello");
        assertThat(history.timelineOf("anna")).containsExactly("hello");
        assertThat(history.timelineOf("carl")).isEmpty();
    }

    @Test
    void messageIsTheSameInBothTimelines() {
        history.say("anna", "ben", "hello", 100);

        Message received = only("ben");
        assertThat(only("anna")).isEqualTo(received);
        assertThat(received.cursor().epoch()).isEqualTo(HistoryDriver.EPOCH);
        assertThat(received.sentAt().toEpochMilli()).isEqualTo(100);
        assertThat(received.id()).isEqualTo("0-0");
    }

    @Test
    void messageToSelfIsStoredOnce() {
        history.say("anna", "anna", "note", 100);

        assertThat(history.timelineOf("anna")).containsExactly("note");
    }

    @Test
    void duplicateWithinADayIsStoredOnce() {
        history.sayAs("id", "anna", "ben", "hello", 100);
        history.sayAs("id", "anna", "ben", "hello", 100 + 24 * HOUR);

        assertThat(history.timelineOf("ben")).containsExactly("hello");
        assertThat(history.timelineOf("anna")).containsExactly("hello");
    }

    @Test
    void deduplicationDayStartsAtFirstMessage() {
        history.sayAs("id", "anna", "ben", "first", 100);
        history.sayAs("id", "anna", "ben", "repeat", 100 + 20 * HOUR);
        history.sayAs("id", "anna", "ben", "new", 101 + 24 * HOUR);

        assertThat(history.timelineOf("ben")).containsExactly("first", "new");
    }

    @Test
    void sameIdOfOtherSenderOrRecipientIsAnotherMessage() {
        history.sayAs("id", "anna", "ben", "1", 100);
        history.sayAs("id", "carl", "ben", "2", 100);
        history.sayAs("id", "anna", "carl", "3", 100);

        assertThat(history.timelineOf("ben")).containsExactly("1", "2");
        assertThat(history.timelineOf("carl")).containsExactly("2", "3");
    }

    @Test
    void timelineFollowsLogOrderEvenWhenTimestampsGoBack() {
        history.say("anna", "ben", "1", 100);
        history.say("ben", "anna", "2", 50);
        history.say("anna", "ben", "3", 200);
        history.say("ben", "anna", "4", 10);
        history.say("anna", "ben", "5", 150);

        assertThat(history.timelineOf("anna")).containsExactly("1", "2", "3", "4", "5");
        assertThat(history.timelineOf("ben")).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void timestampThatGoesBackIsShownUnchanged() {
        history.say("anna", "ben", "1", 100);
        history.say("anna", "carl", "2", 50);

        assertThat(only("carl").sentAt().toEpochMilli()).isEqualTo(50);
    }

    @Test
    void messageOfAnotherServiceIsStoredWithoutItsOtherFields() {
        history.message(
                "ben", "{\"v\":2,\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"hi\",\"x\":[{}]}", 100);

        assertThat(history.timelineOf("ben")).containsExactly("hi");
        assertThat(history.timelineOf("anna")).containsExactly("hi");
    }

    // --- invalid records

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', nullValues = "nothing", textBlock = """
                    ben     | hello                                                      | not JSON
                    ben     | nothing                                                    | no value
                    ben     | []                                                         | not a JSON object
                    ben     | {"recipientId":"ben","content":"x"}                        | senderId is missing
                    ben     | {"senderId":"anna","recipientId":"ben","content":{}}       | content is not a string
                    ben     | {"senderId":" ","recipientId":"ben","content":"x"}         | senderId must not be blank
                    nothing | {"senderId":"anna","recipientId":"ben"}                    | content is missing
                    """)
    void invalidRecordGoesToDeadLettersWithReasonAndPosition(
            @Nullable String key, @Nullable String value, String reason) {
        history.say("anna", "ben", "before", 100);
        history.message(key, value, 101);
        history.say("anna", "ben", "after", 102);

        assertThat(history.timelineOf("ben")).containsExactly("before", "after");
        assertThat(history.timelineOf("anna")).containsExactly("before", "after");
        assertThat(history.deadLetters()).singleElement().satisfies(deadLetter -> {
            assertThat(text(deadLetter.key())).isEqualTo(key);
            assertThat(text(deadLetter.value())).isEqualTo(value);
            assertThat(header(deadLetter, "chatql-reason")).isEqualTo(reason);
            assertThat(header(deadLetter, "chatql-partition")).isEqualTo("0");
            assertThat(header(deadLetter, "chatql-offset")).isEqualTo("1");
        });
        assertThat(history.invalidRecordReasons).hasSize(1);
    }

    @Test
    void oversizedRecordGoesToDeadLettersWithoutItsValue() {
        history.message("ben", value("anna", "ben", "x".repeat(RecordSize.MAX_SIZE)), 100);
        history.say("anna", "ben", "after", 101);

        assertThat(history.timelineOf("ben")).containsExactly("after");
        assertThat(history.deadLetters()).singleElement().satisfies(deadLetter -> {
            assertThat(deadLetter.value()).isNull();
            assertThat(header(deadLetter, "chatql-reason")).isEqualTo("larger than 1040384 bytes");
            assertThat(header(deadLetter, "chatql-offset")).isEqualTo("0");
        });
        assertThat(history.invalidRecordReasons).containsExactly(InvalidRecordReason.SIZE);
    }

    @Test
    void largeRecordWithinLimitIsStored() {
        String content = "x".repeat(1_000_000);

        history.message("ben", value("anna", "ben", content), 100);

        assertThat(history.timelineOf("ben")).containsExactly(content);
    }

    @Test
    void validMessageNeverGoesToDeadLetters() {
        history.say("anna", "ben", "hello", 100);

        assertThat(history.deadLetters()).isEmpty();
    }

    // --- misplaced records

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"anna", "", "BEN"})
    void recordWithWrongKeyIsReroutedAndStoredOnce(@Nullable String key) {
        var headers = new RecordHeaders();
        headers.add("clientMessageId", bytes("id"));
        headers.add("traceparent", bytes("00-1-2-01"));
        headers.add("chatql-dedup-offset", bytes("9"));
        history.say("anna", "ben", "before", 100);
        history.message(key, value("anna", "ben", "astray"), headers, 101);
        history.say("anna", "ben", "after", 102);

        assertThat(history.timelineOf("ben")).containsExactly("before", "astray", "after");
        assertThat(history.timelineOf("anna")).containsExactly("before", "astray", "after");
        assertThat(history.writtenAgain()).singleElement().satisfies(record -> {
            assertThat(text(record.key())).isEqualTo("ben");
            assertThat(text(record.value())).isEqualTo(value("anna", "ben", "astray"));
            assertThat(record.headers().toArray())
                    .extracting(Header::key)
                    .containsExactly("clientMessageId", "traceparent", "chatql-original-position");
            assertThat(header(record, "chatql-original-position")).isEqualTo("7000/0/1");
        });
        assertThat(history.deadLetters()).isEmpty();
        assertThat(history.rewritten).containsExactly(InvalidRecordReason.KEY);
    }

    @Test
    void recordInWrongPartitionIsRerouted() {
        String elsewhere = userOf(1);

        try (var driver = new HistoryDriver(directory.resolve("two"), 2, 1)) {
            driver.say("anna", elsewhere, "astray", 100);

            assertThat(driver.rewritten).containsExactly(InvalidRecordReason.PARTITION);
            assertThat(driver.writtenAgain())
                    .singleElement()
                    .satisfies(record -> assertThat(text(record.key())).isEqualTo(elsewhere));
        }
    }

    @Test
    void reroutedRecordInWrongPartitionGoesToDeadLetters() {
        // The driver has one partition only, so a record for the other partition comes back to it.
        try (var driver = new HistoryDriver(directory.resolve("two"), 2, 1)) {
            driver.say("anna", userOf(1), "astray", 100);
            driver.say("anna", userOf(0), "right", 101);

            assertThat(driver.rewritten).hasSize(1);
            assertThat(driver.invalidRecordReasons).containsExactly(InvalidRecordReason.PARTITION);
            assertThat(driver.deadLetters())
                    .singleElement()
                    .satisfies(deadLetter -> assertThat(header(deadLetter, "chatql-reason"))
                            .isEqualTo("the partition is not the recipient's"));
            assertThat(driver.timelineOf(userOf(0))).containsExactly("right");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7000/0/1", "nonsense", ""})
    void recordWithForgedOriginalPositionIsNotRerouted(String forged) {
        history.message("anna", value("anna", "ben", "forged"), reroutedFrom(forged), 100);

        assertThat(history.writtenAgain()).isEmpty();
        assertThat(history.deadLetters())
                .singleElement()
                .satisfies(deadLetter ->
                        assertThat(header(deadLetter, "chatql-reason")).isEqualTo("the key is not the recipientId"));
    }

    @Test
    void recordReroutedTwiceIsStoredOnceHoweverMuchLater() {
        history.message("ben", value("anna", "ben", "once"), reroutedFrom("7000/3/12"), 100);
        history.message("ben", value("anna", "ben", "once"), reroutedFrom("7000/3/12"), 100 + 10_000 * HOUR);

        assertThat(history.timelineOf("ben")).containsExactly("once");
        assertThat(history.timelineOf("anna")).containsExactly("once");
        assertThat(history.hidden).containsExactly(RecordOutcomeListener.Repeat.REWRITTEN);
    }

    @Test
    void sameContentFromOtherPositionIsAnotherMessage() {
        List.of("7000/3/12", "7000/3/13", "7000/4/12", "8/3/12")
                .forEach(position -> history.message("ben", value("anna", "ben", "same"), reroutedFrom(position), 100));

        assertThat(history.timelineOf("ben")).hasSize(4);
    }

    @Test
    void forgedOriginalPositionHidesNoRealRecord() {
        history.message("ben", value("mallory", "ben", "forged"), reroutedFrom("7000/0/1"), 100);
        history.message("anna", value("anna", "ben", "real"), 101);

        assertThat(history.timelineOf("ben")).containsExactly("forged", "real");
    }

    @Test
    void forgedOriginalPositionWithDuplicateIdHidesNoRealRecord() {
        history.sayAs("id", "anna", "ben", "real", 100);
        var headers = reroutedFrom("7000/0/2");
        headers.add("clientMessageId", bytes("id"));
        history.message("ben", value("anna", "ben", "astray"), headers, 101);
        history.message(null, value("anna", "ben", "astray"), 102);

        assertThat(history.timelineOf("ben")).containsExactly("real", "astray");
    }

    @Test
    void malformedOriginalPositionIsIgnored() {
        history.message("ben", value("anna", "ben", "1"), reroutedFrom("nonsense"), 100);
        history.message("ben", value("anna", "ben", "1"), reroutedFrom("nonsense"), 100);

        assertThat(history.timelineOf("ben")).containsExactly("1", "1");
    }

    @Test
    void duplicateIdReroutedAgainMuchLaterStaysSuppressed() {
        history.sayAs("id", "anna", "ben", "hello", 100);
        for (long at : List.of(200L, 200 + 10_000 * HOUR)) {
            var headers = reroutedFrom("7000/3/12");
            headers.add("clientMessageId", bytes("id"));
            history.message("ben", value("anna", "ben", "hello"), headers, at);
        }

        assertThat(history.timelineOf("ben")).containsExactly("hello");
        assertThat(history.hidden)
                .containsExactly(
                        RecordOutcomeListener.Repeat.CLIENT_MESSAGE_ID, RecordOutcomeListener.Repeat.REWRITTEN);
    }

    @Test
    void handledRecordsAreNotRepairedAgainWhenLogIsReread() {
        var repairProgress = new RepairProgress();
        repairProgress.reached(0, 2);

        try (var driver = new HistoryDriver(directory.resolve("anew"), 1, 1, repairProgress)) {
            driver.message("ben", "no JSON", 100);
            driver.message("anna", value("anna", "ben", "old"), 101);
            assertThat(driver.writtenAgain()).isEmpty();
            assertThat(driver.deadLetters()).isEmpty();

            driver.message("ben", "no JSON", 102);
            driver.message("anna", value("anna", "ben", "new"), 103);
            assertThat(driver.writtenAgain()).hasSize(1);
            assertThat(driver.deadLetters()).hasSize(1);
            assertThat(driver.timelineOf("ben")).containsExactly("new");
            assertThat(repairProgress.open()).containsExactly(Map.entry(0, 3L));
        }
    }

    // --- the topic of sent messages

    @Test
    void sentRecordOfAnotherEpochIsIgnored() {
        var before = new RecordHeaders();
        new SourcePosition(HistoryDriver.EPOCH - 1, 100, 100, 0, 0).write(before);

        history.sent("anna", "{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"old\"}", before);
        history.say("anna", "ben", "new", 100);

        assertThat(history.timelineOf("anna")).containsExactly("new");
    }

    @Test
    void sentRecordWithoutSourcePositionIsIgnored() {
        history.sent("anna", "{\"senderId\":\"anna\",\"recipientId\":\"ben\",\"content\":\"x\"}", new RecordHeaders());

        assertThat(history.timelineOf("anna")).isEmpty();
    }

    // --- users

    @Test
    void firstClaimOfUsernameWinsAndIdsStartAtOne() {
        history.claim("anna");
        history.claim("ben");
        history.claim("anna");
        history.claim("carl");

        assertThat(user(history, "anna")).isEqualTo(new UsernameClaim(0, new UserId("1"), new Username("anna")));
        assertThat(user(history, "ben")).isEqualTo(new UsernameClaim(1, new UserId("2"), new Username("ben")));
        assertThat(user(history, "carl")).isEqualTo(new UsernameClaim(3, new UserId("3"), new Username("carl")));
    }

    @Test
    void partitionsNeverGiveTheSameUserId() {
        try (var driver = new HistoryDriver(directory.resolve("three"), 1, 3)) {
            driver.claim("anna");
            driver.claim("ben");
            driver.claim("carl");

            assertThat(List.of("anna", "ben", "carl"))
                    .extracting(name -> user(driver, name).userId().value())
                    .containsExactly("1", "4", "7");
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t", "12345678901234567890123456789012345678901234567890123456789012345"})
    void invalidUsernameTakesNoUserId(@Nullable String name) {
        history.claim(name);
        history.claim("anna");

        assertThat(user(history, "anna").userId().value()).isEqualTo("1");
    }

    @Test
    void duplicateAdvancesSendersCheckpointWithoutItsContent() {
        history.sayAs("id", "anna", "ben", "hello", 100);

        history.sayAs("id", "anna", "ben", "hello", 200);

        assertThat(SourceCheckpoint.read(history.timeline(), 0).offset()).isEqualTo(1);
        assertThat(history.timelineOf("anna")).containsExactly("hello");
    }

    @Test
    void usernameIsListedInLowerCase() {
        history.claim("Anna");

        assertThat(history.users().get(UsernameClaim.listed(new Username("Anna"), new Username("Anna"))))
                .isEqualTo("Anna".getBytes(StandardCharsets.UTF_8));
        assertThat(UsernameClaim.listed(new Username("Anna")))
                .isBetween(UsernameClaim.listedFrom("aN"), UsernameClaim.listedTo("aN"))
                .isLessThan(UsernameClaim.listed(new Username("anna")));
    }

    // --- after a crash

    /** Every kind of record, in a short log. */
    private static final List<Consumer<HistoryDriver>> LOG = List.of(
            driver -> driver.say("anna", "ben", "1", 100),
            driver -> driver.claim("anna"),
            driver -> driver.say("ben", "anna", "2", 50),
            driver -> driver.say("anna", "anna", "3", 70),
            driver -> driver.claim("ben"),
            driver -> driver.message("ben", "no JSON", 120),
            driver -> driver.say("carl", "ben", "4", 300),
            driver -> driver.message("anna", value("anna", "ben", "rerouted"), 301),
            driver -> driver.message("ben", value("anna", "ben", "forged"), reroutedFrom("7000/0/3"), 302),
            driver -> driver.message("ben", value("anna", "ben", "forged"), reroutedFrom("7000/0/3"), 303),
            driver -> driver.message("anna", value("anna", "ben", "forged"), reroutedFrom("7000/0/3"), 304),
            driver -> driver.claim("anna"),
            driver -> driver.message("ben", null, 10),
            driver -> driver.say("anna", "ben", "5", 10),
            driver -> driver.claim(" "),
            driver -> driver.say("ben", "anna", "6", 400),
            driver -> driver.claim("carl"),
            driver -> driver.sayAs("id", "anna", "ben", "7", 500),
            driver -> driver.sayAs("id", "anna", "ben", "7", 510),
            driver -> driver.sayAs("id", "carl", "ben", "8", 520),
            driver -> driver.sayAs("id", "anna", "ben", "7", 500 + 20 * HOUR),
            driver -> driver.sayAs("id", "anna", "ben", "9", 600 + 24 * HOUR),
            driver -> driver.sayAs("id", "anna", "ben", "9", 700 + 24 * HOUR));

    @Test
    void crashAfterAnyRecordGivesSameResultOnReplay() {
        crashAfterEach(false);
    }

    @Test
    void crashBetweenEntryAndCheckpointGivesSameResult() {
        crashAfterEach(true);
    }

    private void crashAfterEach(boolean beforeCheckpoint) {
        LOG.forEach(record -> record.accept(history));

        try (var driver = new HistoryDriver(directory.resolve("crashing"), 1, 1)) {
            for (int record = 0; record < LOG.size(); record++) {
                HistoryDriver.Marks before = HistoryDriver.Marks.of(driver);
                LOG.get(record).accept(driver);
                HistoryDriver.Marks after = HistoryDriver.Marks.of(driver);
                (beforeCheckpoint ? before : after).writeTo(driver);
                Path copy = directory.resolve("crash" + record);
                driver.keepIn(copy);
                assertReplayGivesSameResult(copy, driver.content(), "after a crash at record " + record);
                after.writeTo(driver);
            }
        }
    }

    private void assertReplayGivesSameResult(Path copy, Map<Bytes, Bytes> content, String when) {
        try (var driver = new HistoryDriver(copy, 1, 1)) {
            assertThat(driver.content()).as("stored state " + when).isEqualTo(content);

            LOG.forEach(record -> record.accept(driver));

            assertThat(driver.content()).as(when).isEqualTo(history.content());
        }
    }

    // --- after a sleep

    @Test
    void lateWritesOfSleepingPodUndoNothingForLaterPods() {
        Path copy = directory.resolve("kept");
        Path restored = directory.resolve("restored");
        history.claim("anna");
        history.say("anna", "ben", "1", 5_000);
        history.keepIn(copy);
        try (var successor = new HistoryDriver(copy, 1, 1)) {
            List.of("anna", "ben", "carl").forEach(successor::claim);
            List.of("1", "2", "3").forEach(content -> successor.say("anna", "ben", content, 5_000));
            HistoryDriver.Marks checkpoints = HistoryDriver.Marks.of(successor);
            history.writeLate(successor, () -> {
                history.claim("ben");
                history.say("anna", "ben", "2", 5_000);
            });
            assertThat(HistoryDriver.Marks.of(successor)).isEqualTo(checkpoints);
            successor.keepIn(restored);
        }

        try (var next = new HistoryDriver(restored, 1, 1)) {
            // A successor starts at the committed offset; a driver starts at offset 0.
            for (int offset = 0; offset < 3; offset++) {
                next.claim(null);
                next.message("ben", null, 1);
            }
            next.claim("dora");
            next.say("anna", "ben", "4", 1);

            assertThat(user(next, "dora").userId().value()).isEqualTo("4");
            assertThat(next.timelineOf("ben")).containsExactly("1", "2", "3", "4");
        }
    }

    // --- helpers

    private Message only(String user) {
        List<Message> messages = new TimelineReader(Epochs.of(HistoryDriver.EPOCH), 100, 1 << 20)
                .page(history.timeline(), new UserId(user), PageRequest.latest(100))
                .messages();
        assertThat(messages).hasSize(1);
        return messages.getFirst();
    }

    private static UsernameClaim user(HistoryDriver driver, String name) {
        return UsernameClaim.parse(driver.users().get(UsernameClaim.key(new Username(name))));
    }

    private static String userOf(int partition) {
        var two = new KeyPartitioner(2);
        int number = 0;
        while (two.of("user" + number) != partition) {
            number++;
        }
        return "user" + number;
    }

    private static String value(String sender, String recipient, String content) {
        return "{\"senderId\":\"%s\",\"recipientId\":\"%s\",\"content\":\"%s\"}".formatted(sender, recipient, content);
    }

    private static RecordHeaders reroutedFrom(String position) {
        var headers = new RecordHeaders();
        headers.add("chatql-original-position", bytes(position));
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable String header(TestRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }
}
