package chatql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
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
    void whatIsNoMessageStopsNothing() throws Exception {
        try (Topic topic = new Topic(world, Map.of());
                Following live = chat.follow("robust", "earliest")) {
            topic.sendRaw("robust", "no JSON");
            topic.sendRaw("robust", null);
            topic.sendRaw(null, "{}");
            topic.sendRaw("robust", "{\"senderId\":\"1\",\"recipientId\":\"somebody else\",\"content\":\"misplaced\"}");
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
