package chatql.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chatql.KafkaBroker;
import chatql.kafka.record.RecordSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaBroker.class)
class BoundedConsumerIT {
    private static final int MEGABYTE = 1_000_000;
    private static final int PARTITIONS = 7;
    private static final Map<String, Object> BROKER =
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, KafkaBroker.bootstrapServers());

    private TopicPartition topicPartition;

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        topicPartition = new TopicPartition(
                "bounded-" + test.getTestMethod().orElseThrow().getName(), 0);
        try (Admin admin = Admin.create(BROKER)) {
            admin.createTopics(List.of(new NewTopic(topicPartition.topic(), PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    @Test
    void pollIsBoundedToOneMegabyteAndLosesNoRecord() throws Exception {
        produce(40, number -> record("k" + number, "v".repeat(MEGABYTE)));
        produce(500, number -> record("k" + (40 + number), "small"));

        List<List<ConsumerRecord<byte[], byte[]>>> polls = polls(540, PollBudget.ofForeign());

        assertThat(polls).allSatisfy(poll -> assertThat(bytes(poll)).isLessThan(PollBudget.BYTES + 2L * MEGABYTE));
        assertThat(polls.stream().flatMap(List::stream).map(record -> new String(record.key(), StandardCharsets.UTF_8)))
                .containsExactlyElementsOf(
                        IntStream.range(0, 540).mapToObj(i -> "k" + i).toList());
    }

    @Test
    void oversizedRecordIsPolledAloneWithoutItsContent() throws Exception {
        produce(3, number -> record("k", "v".repeat(30 * MEGABYTE)));
        produce(1, number -> record("k".repeat(5 * MEGABYTE), "v"));
        produce(1, number -> withHeader(record(null, null), 5 * MEGABYTE));
        produce(1, number -> record("k", "small"));

        List<List<ConsumerRecord<byte[], byte[]>>> polls = polls(6, PollBudget.ofForeign());

        List<ConsumerRecord<byte[], byte[]>> all =
                polls.stream().flatMap(List::stream).toList();
        assertThat(all.subList(0, 5)).allSatisfy(record -> {
            assertThat(record.key()).isNull();
            assertThat(record.value()).isSameAs(RecordSize.OVERSIZED);
            assertThat(record.headers()).isEmpty();
        });
        assertThat(all.get(5).value()).asString(StandardCharsets.UTF_8).isEqualTo("small");
        assertThat(all).extracting(ConsumerRecord::offset).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(polls.subList(0, 3)).allSatisfy(poll -> assertThat(poll).hasSize(1));
    }

    @Test
    void ownRecordOfAnySizeIsKept() throws Exception {
        produce(2, number -> record("k", "v".repeat(5 * MEGABYTE)));

        List<List<ConsumerRecord<byte[], byte[]>>> polls = polls(2, PollBudget.ofOwn());

        assertThat(polls.stream().flatMap(List::stream))
                .allSatisfy(record -> assertThat(record.value()).hasSize(5 * MEGABYTE));
    }

    @Test
    void partitionsOfWellCompressedRecordsTakeTurns() throws Exception {
        assertTurns(40, "v".repeat(MEGABYTE));
    }

    @Test
    void partitionsOfManySmallRecordsTakeTurns() throws Exception {
        assertTurns(200_000, "small");
    }

    private void assertTurns(int count, String value) throws Exception {
        for (TopicPartition each : partitions(2)) {
            produce(count, number -> recordIn(each, value));
        }
        try (var consumer = consumer(PollBudget.ofForeign(), partitions(2))) {
            List<Turn> turns = turns(consumer, 6 * BoundedConsumer.TURN);

            assertThat(turns)
                    .hasSizeGreaterThan(4)
                    .allSatisfy(turn ->
                            assertThat(turn.bytes).isLessThan(BoundedConsumer.TURN + PollBudget.BYTES + MEGABYTE));
            assertThat(consumer.paused()).isEmpty();
        }
    }

    /** A half-read partition keeps a record and a decompressor. */
    @Test
    void fewPartitionsAreHalfReadAtATime() throws Exception {
        for (TopicPartition each : partitions(PARTITIONS)) {
            produce(40, number -> recordIn(each, "v".repeat(MEGABYTE)));
        }
        try (var consumer = consumer(PollBudget.ofForeign(), partitions(PARTITIONS))) {
            List<Turn> turns = turns(consumer, 70L * MEGABYTE);

            assertThat(turns.subList(0, BoundedConsumer.HALF_READ))
                    .allSatisfy(turn -> assertThat(turn.bytes).isLessThan(2 * BoundedConsumer.TURN));
            assertThat(turns.get(BoundedConsumer.HALF_READ).bytes)
                    .as("the next one, read to the end")
                    .isEqualTo(40L * (MEGABYTE + 1 + BoundedConsumer.RECORD));
        }
    }

    @Test
    void partitionIsReadOnInFrontOfOversizedRecord() throws Exception {
        String enough = "v".repeat(11 * MEGABYTE / 10);
        for (TopicPartition each : partitions(2)) {
            produce(4, number -> recordIn(each, enough));
            produce(1, number -> recordIn(each, "v".repeat(30 * MEGABYTE)));
            produce(4, number -> recordIn(each, enough));
        }
        try (var consumer = consumer(PollBudget.ofForeign(), partitions(2))) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            await().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= 18;
            });

            assertThat(records.subList(0, 5).stream()
                            .map(ConsumerRecord::partition)
                            .distinct())
                    .hasSize(1);
            assertThat(records.get(4).value()).isSameAs(RecordSize.OVERSIZED);
        }
    }

    /** The bytes that were polled of a partition, one poll after the other. */
    private static final class Turn {
        private final TopicPartition partition;
        private long bytes;

        Turn(TopicPartition partition) {
            this.partition = partition;
        }
    }

    /** The turns of partitions in the next polls, which have that many bytes together. */
    private static List<Turn> turns(BoundedConsumer<byte[]> consumer, long bytes) {
        List<Turn> turns = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        for (long seen = 0; seen < bytes && System.nanoTime() < end; ) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            for (TopicPartition each : records.partitions()) {
                if (turns.isEmpty() || !turns.getLast().partition.equals(each)) {
                    turns.add(new Turn(each));
                }
                turns.getLast().bytes += size(records.records(each));
                seen += size(records.records(each));
            }
        }
        return turns;
    }

    /** As the consumer counts it. */
    private static long size(List<ConsumerRecord<byte[], byte[]>> records) {
        return bytes(records) + (long) records.size() * BoundedConsumer.RECORD;
    }

    private TopicPartition[] partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topicPartition.topic(), partition))
                .toArray(TopicPartition[]::new);
    }

    private static ProducerRecord<byte[], byte[]> recordIn(TopicPartition at, String value) {
        return new ProducerRecord<>(at.topic(), at.partition(), bytes("k"), bytes(value));
    }

    @Test
    void partitionThatTheCallerPausesStaysPaused() throws Exception {
        try (var consumer = consumerAtTheEndOfTurn()) {
            consumer.pause(List.of(topicPartition));

            assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
            assertThat(consumer.paused()).containsExactly(topicPartition);
            consumer.resume(List.of(topicPartition));
            assertThat(consumer.poll(Duration.ofMillis(500))).isNotEmpty();
        }
    }

    @Test
    void partitionThatIsNoLongerAssignedIsForgotten() throws Exception {
        try (var consumer = consumerAtTheEndOfTurn()) {
            consumer.assign(List.of(partitions(2)[1]));

            assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
            assertThat(consumer.paused()).isEmpty();
        }
    }

    /** The first partition has further records, and the second one has none. */
    private BoundedConsumer<byte[]> consumerAtTheEndOfTurn() throws Exception {
        produce(40, number -> record("k", "v".repeat(MEGABYTE)));
        BoundedConsumer<byte[]> consumer = consumer(PollBudget.ofForeign(), partitions(2));
        turns(consumer, BoundedConsumer.TURN);
        return consumer;
    }

    private static BoundedConsumer<byte[]> consumer(PollBudget budget, TopicPartition... assigned) {
        var consumer = new BoundedConsumer<>(
                KafkaClientConfigs.reader(new HashMap<>(BROKER)), new ByteArrayDeserializer(), budget);
        consumer.assign(List.of(assigned));
        consumer.seekToBeginning(List.of(assigned));
        return consumer;
    }

    private interface Records {
        ProducerRecord<byte[], byte[]> record(int number);
    }

    private void produce(int count, Records records) throws Exception {
        var settings = new HashMap<>(BROKER);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 20);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 200);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 100 << 20);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 200 << 20);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(records.record(i));
            }
        }
    }

    private ProducerRecord<byte[], byte[]> record(String key, String value) {
        return new ProducerRecord<>(topicPartition.topic(), topicPartition.partition(), bytes(key), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static ProducerRecord<byte[], byte[]> withHeader(ProducerRecord<byte[], byte[]> record, int size) {
        record.headers().add("large", new byte[size]);
        return record;
    }

    private List<List<ConsumerRecord<byte[], byte[]>>> polls(int count, PollBudget budget) {
        List<List<ConsumerRecord<byte[], byte[]>>> polls = new ArrayList<>();
        try (var consumer = consumer(budget, topicPartition)) {
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            int seen = 0;
            while (seen < count && System.nanoTime() < end) {
                List<ConsumerRecord<byte[], byte[]>> poll =
                        consumer.poll(Duration.ofMillis(500)).records(topicPartition);
                seen += poll.size();
                if (!poll.isEmpty()) {
                    polls.add(poll);
                }
            }
        }
        return polls;
    }

    private static long bytes(List<ConsumerRecord<byte[], byte[]>> poll) {
        return poll.stream()
                .mapToLong(record -> record.serializedKeySize() + (long) record.serializedValueSize())
                .sum();
    }
}
