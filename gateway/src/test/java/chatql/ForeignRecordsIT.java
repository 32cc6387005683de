package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(KafkaBroker.class)
class ForeignRecordsIT {
    /** The broker checks only the compressed size of a batch. */
    private static final Map<String, Object> LARGE_BATCHES = Map.of(
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "zstd",
            ProducerConfig.BATCH_SIZE_CONFIG,
            16 << 20,
            ProducerConfig.LINGER_MS_CONFIG,
            200,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            100 << 20,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            200 << 20);

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
    void recordOfAnotherServiceIsDeliveredAndStored() throws Exception {
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("foreign", "earliest")) {
            topic.send("1", "foreign", "hello").get();
            live.await(1);

            assertThat(live.contents()).containsExactly("hello");
            await().until(() -> history("foreign").equals(List.of("hello")));
        }
    }

    @Test
    void duplicateIdIsDeliveredToNoSubscriber() throws Exception {
        try (Topic topic = new Topic(world, Map.of());
                Following always = chat.follow("again", "earliest")) {
            topic.sendAgain("1", "again", "once", "id").get();
            always.await(1);
            // This one subscribes after the first message, and cannot receive it.
            try (Following later = chat.follow("again", always.cursor(0))) {
                topic.sendAgain("1", "again", "once", "id").get();
                topic.send("1", "again", "next").get();
                always.await(2);
                later.await(1);

                assertThat(always.contents()).containsExactly("once", "next");
                assertThat(later.contents()).containsExactly("next");
            }
            await().until(() -> history("again").equals(List.of("once", "next")));
        }
    }

    @Test
    void openTransactionKeepsCursorValidAndHoldsBackSubscription() throws Exception {
        Map<String, Object> transactional = Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "open");
        try (var topic = new Topic(world, transactional)) {
            KafkaProducer<String, byte[]> producer = topic.producer();
            producer.initTransactions();
            producer.beginTransaction();
            topic.send("writer", "waiting", "in a transaction").get();
            String cursor = chat.send("1", "waiting", "first").get("cursor").stringValue();
            try (Following following = chat.follow("waiting", cursor)) {
                chat.send("1", "waiting", "second");
                producer.commitTransaction();

                following.await(1);
                assertThat(following.end()).isNull();
                assertThat(following.contents()).containsExactly("second");
            }
        }
        try (Following all = chat.follow("waiting", "earliest").await(3)) {
            assertThat(all.contents()).containsExactly("in a transaction", "first", "second");
        }
    }

    @Test
    void transactionIsDeliveredOnceCommittedAndNeverWhenAborted() throws Exception {
        try (Topic topic = new Topic(world, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, world.topic("tx")));
                Following live = chat.follow("tx", "earliest")) {
            KafkaProducer<String, byte[]> producer = topic.producer();
            producer.initTransactions();
            producer.beginTransaction();
            topic.send("1", "tx", "aborted");
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            topic.send("1", "tx", "committed");
            producer.commitTransaction();
            live.await(1);

            assertThat(live.contents()).containsExactly("committed");
            // The log now ends with the marker of the transaction, and not with a record.
            try (Following resumed = chat.follow("tx", "earliest").await(1)) {
                chat.send("1", "tx", "after");
                resumed.await(2);

                assertThat(resumed.contents()).containsExactly("committed", "after");
            }
            assertThat(history("tx")).containsExactly("committed", "after");
        }
    }

    @Test
    void misplacedRecordIsDeliveredOnceToItsRecipientOnly() throws Exception {
        List<String> contents = IntStream.range(0, 4)
                .mapToObj(partition -> "in partition " + partition)
                .toList();
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("astray", "earliest");
                Following other = chat.follow("other", "earliest")) {
            topic.sendAstray(null, null, "1", "astray", "without a key").get();
            live.await(1);
            topic.sendAstray(null, "other", "1", "astray", "under another's key")
                    .get();
            live.await(2);
            for (int partition = 0; partition < contents.size(); partition++) {
                topic.sendAstray(partition, "astray", "1", "astray", contents.get(partition))
                        .get();
                live.await(3 + partition);
            }
            topic.send("1", "other", "the end").get();
            other.await(1);

            assertThat(live.contents())
                    .containsExactly(Stream.concat(Stream.of("without a key", "under another's key"), contents.stream())
                            .toArray(String[]::new));
            assertThat(other.contents()).containsExactly("the end");
            assertThat(history("astray")).isEqualTo(live.contents());
            assertThat(live.cursors()).doesNotHaveDuplicates();
        }
        try (Following resumed = chat.follow("astray", "earliest").await(6)) {
            assertThat(resumed.contents()).isEqualTo(history("astray"));
        }
    }

    @Test
    void invalidRecordsDoNotStopDelivery() throws Exception {
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("robust", "earliest")) {
            topic.sendRaw("robust", "no JSON");
            topic.sendRaw("robust", null);
            topic.sendRaw(null, "{}");
            topic.send("1", "robust", "goes on").get();
            live.await(1);

            assertThat(live.contents()).containsExactly("goes on");
            await().until(() -> history("robust").equals(List.of("goes on")));
        }
    }

    @Test
    void contentLongerThanClientLimitIsDelivered() throws Exception {
        String content = "long ".repeat(20_000);
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("long", "earliest")) {
            topic.send("1", "long", content).get();
            live.await(1);

            assertThat(live.contents()).containsExactly(content);
            await().until(() -> history("long").equals(List.of(content)));
        }
    }

    @Test
    void batchOfOneMegabyteRecordsIsDelivered() throws Exception {
        List<String> contents = IntStream.range(0, 10)
                .mapToObj(i -> "%07d".formatted(i).repeat(142_857))
                .toList();
        try (Topic topic = new Topic(world, LARGE_BATCHES);
                Following live = chat.follow("large", "earliest")) {
            topic.send("1", "large", "begin").get();
            live.await(1);
            List<Future<RecordMetadata>> sent = contents.stream()
                    .map(content -> topic.send("1", "large", content))
                    .toList();
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
            live.await(1 + contents.size());

            assertThat(live.contents().subList(1, live.count())).isEqualTo(contents);
            await().until(() -> all("large").equals(live.contents()));
        }
    }

    @Test
    void recordTooLargeUncompressedBecomesDeadLetterAndDeliveryGoesOn() throws Exception {
        try (Topic topic = new Topic(world, LARGE_BATCHES);
                Following live = chat.follow("bomb", "earliest")) {
            RecordMetadata place = topic.send("1", "bomb", "x".repeat(5 << 20)).get();
            topic.send("1", "bomb", "goes on").get();
            live.await(1);

            assertThat(live.contents()).containsExactly("goes on");
            await().until(() -> history("bomb").equals(List.of("goes on")));
            assertThat(letters("larger than 1040384 bytes")).singleElement().satisfies(letter -> {
                assertThat(letter.value()).isNull();
                assertThat(TopicRecords.header(letter, "chatql-partition")).isEqualTo("" + place.partition());
                assertThat(TopicRecords.header(letter, "chatql-offset")).isEqualTo("" + place.offset());
            });
        }
    }

    /** Kafka's client would decompress it completely, in every pod and again after each restart. */
    @Test
    void recordOverEightMebibytesUncompressedIsRejectedByBroker() throws Exception {
        try (Topic topic = new Topic(world, LARGE_BATCHES);
                Following live = chat.follow("huge", "earliest")) {
            assertThat(topic.send("1", "huge", "x".repeat(50 << 20)))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(InvalidRecordException.class);
            topic.send("1", "huge", "goes on").get();
            live.await(1);

            assertThat(live.contents()).containsExactly("goes on");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void recordOfAnyCompressionIsDelivered(String compression) throws Exception {
        String user = "compressed by " + compression;
        try (Topic topic = new Topic(world, Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression));
                Following live = chat.follow(user, "earliest")) {
            topic.send("1", user, "hello").get();
            live.await(1);

            assertThat(live.contents()).containsExactly("hello");
            await().until(() -> history(user).equals(List.of("hello")));
        }
    }

    @Test
    void unknownCompressionIsRejectedByBroker() throws Exception {
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("unknown", "earliest")) {
            RecordMetadata before = topic.send("1", "unknown", "before").get();
            Errors answer = RawProduce.withUnknownCompression(world.topic("messages"), before.partition());
            RecordMetadata after = topic.send("1", "unknown", "after").get();
            live.await(2);

            assertThat(answer).isNotEqualTo(Errors.NONE);
            assertThat(after.offset()).isEqualTo(before.offset() + 1);
            assertThat(live.contents()).containsExactly("before", "after");
        }
    }

    @Test
    void timestampFarOffIsReplacedByBrokerTime() throws Exception {
        Instant begin = Instant.now();
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("clocks", "earliest")) {
            List<Instant> stamps = List.of(Instant.EPOCH, Instant.parse("2999-12-31T23:59:59Z"));
            for (Instant stamp : stamps) {
                topic.sendAt(stamp.toEpochMilli(), "1", "clocks", "at " + stamp).get();
            }
            live.await(2);
            await().until(() -> history("clocks").size() == 2);

            assertThat(history("clocks")).isEqualTo(live.contents());
            assertThat(chat.messages("clocks").get("messages").findValuesAsString("sentAt"))
                    .extracting(Instant::parse)
                    .allSatisfy(sentAt -> assertThat(sentAt)
                            .isBetween(begin.minusSeconds(60), Instant.now().plusSeconds(60)));
        }
    }

    @Test
    void smallerMessageLimitOfDerivedTopicDoesNotStopHistory() throws Exception {
        try (var small = new World();
                Topic topic = new Topic(small, Map.of())) {
            Pod pod = small.pod();
            var sent = new ConfigResource(ConfigResource.Type.TOPIC, small.topic("sent"));
            var less = new AlterConfigOp(
                    new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "10000"), AlterConfigOp.OpType.SET);
            pod.bean(Admin.class)
                    .incrementalAlterConfigs(Map.of(sent, List.of(less)))
                    .all()
                    .get();
            String large = "x".repeat(100_000);
            topic.send("sender", "reader", large).get();
            topic.send("sender", "reader", "after").get();

            await().until(() -> history(pod.chat(), "reader").equals(List.of(large, "after")));
            await().until(() -> history(pod.chat(), "sender").equals(List.of("after")));
            assertThat(pod.scrape().sum("chatql_dead_letters_total", "reason=size"))
                    .isEqualTo(1);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters(String reason) {
        return TopicRecords.all(world.topic("messages.dlt"), 1).stream()
                .filter(letter -> reason.equals(TopicRecords.header(letter, "chatql-reason")))
                .toList();
    }

    /** Reads as many pages as necessary. */
    private static List<String> all(String user) {
        List<String> all = new ArrayList<>();
        JsonNode page = chat.page(Map.of("userId", user, "first", 1_000));
        while (true) {
            all.addAll(page.get("messages").findValuesAsString("content"));
            if (!page.at("/pageInfo/hasNextPage").asBoolean()) {
                return all;
            }
            String end = page.at("/pageInfo/endCursor").stringValue();
            page = chat.page(Map.of("userId", user, "first", 1_000, "after", end));
        }
    }

    private static List<String> history(String user) {
        return history(chat, user);
    }

    private static List<String> history(Chat chat, String user) {
        JsonNode result = chat.messages(user);
        return result.get("messages")
                .valueStream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }
}
