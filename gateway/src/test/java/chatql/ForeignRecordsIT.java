package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(KafkaBroker.class)
class ForeignRecordsIT {
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
    void aRecordOfAnotherServiceIsAMessageLikeAnyOther() throws Exception {
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("foreign", "earliest")) {
            topic.send("1", "foreign", "hello").get();
            live.await(1);

            assertThat(live.contents()).containsExactly("hello");
            await().until(() -> history("foreign").equals(List.of("hello")));
        }
    }

    @Test
    void aSecondRecordOfTheSameIdIsShownNowhereWhoeverListensSinceWhen() throws Exception {
        try (Topic topic = new Topic(world, Map.of());
                Following always = chat.follow("again", "earliest")) {
            topic.sendAgain("1", "again", "once", "id").get();
            always.await(1);
            // This one comes when the first is past, and can't have heard it.
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
    void aTransactionIsShownOnceItIsCommittedAndOneThatIsAbortedNever() throws Exception {
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
            // The log ends with the mark of the transaction now, and not with a record.
            try (Following resumed = chat.follow("tx", "earliest").await(1)) {
                chat.send("1", "tx", "after");
                resumed.await(2);

                assertThat(resumed.contents()).containsExactly("committed", "after");
            }
            assertThat(history("tx")).containsExactly("committed", "after");
        }
    }

    @Test
    void aRecordInTheWrongPlaceIsShownOnceToItsRecipientAndToNobodyElse() throws Exception {
        List<String> said = IntStream.range(0, 4)
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
            for (int partition = 0; partition < said.size(); partition++) {
                topic.sendAstray(partition, "astray", "1", "astray", said.get(partition))
                        .get();
                live.await(3 + partition);
            }
            topic.send("1", "other", "the end").get();
            other.await(1);

            assertThat(live.contents())
                    .containsExactly(Stream.concat(Stream.of("without a key", "under another's key"), said.stream())
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
    void whatIsNoMessageStopsNothing() throws Exception {
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

    private static List<String> history(String user) {
        JsonNode result = chat.messages(user);
        return result.get("messages")
                .valueStream()
                .map(message -> message.get("content").stringValue())
                .toList();
    }
}
