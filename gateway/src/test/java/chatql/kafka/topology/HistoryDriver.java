package chatql.kafka.topology;

import chatql.history.PageRequest;
import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.record.InvalidRecordReason;
import chatql.kafka.record.MessageCodec;
import chatql.kafka.record.MessageHeaders;
import chatql.kafka.store.Source;
import chatql.kafka.store.SourceCheckpoint;
import chatql.kafka.store.StoreLayout;
import chatql.kafka.store.TimelineReader;
import chatql.kafka.topic.TopicSettings;
import chatql.message.Draft;
import chatql.message.Epochs;
import chatql.user.UserId;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** Runs the topology on one partition of each topic, with offsets that start at 0. */
public final class HistoryDriver implements AutoCloseable {
    public static final long EPOCH = 0x7000;
    private static final String APPLICATION = "history";

    /** The reasons of all dead-lettered records. */
    final List<InvalidRecordReason> invalidRecordReasons = new ArrayList<>();

    /** The reasons of all rerouted records. */
    final List<InvalidRecordReason> rewritten = new ArrayList<>();

    final List<RecordOutcomeListener.Repeat> hidden = new ArrayList<>();

    private final TopicSettings topics;
    private final TopologyTestDriver driver;

    /** @param directory of the stores; this driver continues with the state that another driver has stored there */
    public HistoryDriver(Path directory, int partitions, int userPartitions) {
        this(directory, partitions, userPartitions, new RepairProgress());
    }

    HistoryDriver(Path directory, int partitions, int userPartitions, RepairProgress repairProgress) {
        this.topics = new TopicSettings("chat.", partitions, userPartitions, (short) 1);
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        this.driver = new TopologyTestDriver(
                new HistoryTopology(
                                topics, Epochs.of(EPOCH), new StoreProgress(), repairProgress, new RecordingListener())
                        .build(),
                properties);
    }

    private final class RecordingListener implements RecordOutcomeListener {
        @Override
        public void deadLettered(InvalidRecordReason invalidRecordReason) {
            invalidRecordReasons.add(invalidRecordReason);
        }

        @Override
        public void rerouted(InvalidRecordReason invalidRecordReason) {
            rewritten.add(invalidRecordReason);
        }

        @Override
        public void suppressed(Repeat repeat) {
            hidden.add(repeat);
        }
    }

    public void say(String sender, String recipient, String content, long at) {
        String value =
                "{\"senderId\":\"%s\",\"recipientId\":\"%s\",\"content\":\"%s\"}".formatted(sender, recipient, content);
        message(recipient, value, at);
    }

    void sayAs(String id, String sender, String recipient, String content, long at) {
        byte[] value = MessageCodec.encode(new Draft(new UserId(sender), new UserId(recipient), content, id));
        var headers = new RecordHeaders();
        MessageHeaders.write(headers, id, -1);
        input(topics.messages())
                .pipeInput(new TestRecord<>(bytes(recipient), value, headers, Instant.ofEpochMilli(at)));
    }

    void message(@Nullable String key, @Nullable String value, long at) {
        input(topics.messages()).pipeInput(bytes(key), bytes(value), at);
    }

    void message(@Nullable String key, @Nullable String value, Headers headers, long at) {
        input(topics.messages())
                .pipeInput(new TestRecord<>(bytes(key), bytes(value), headers, Instant.ofEpochMilli(at)));
    }

    void sent(@Nullable String key, String value, Headers headers) {
        input(topics.sent()).pipeInput(new TestRecord<>(bytes(key), bytes(value), headers, Instant.ofEpochMilli(1)));
    }

    void claim(@Nullable String name) {
        input(topics.users()).pipeInput(bytes(name), bytes("{\"claimId\":\"some\"}"));
    }

    private TestInputTopic<byte[], byte[]> input(String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    List<TestRecord<byte[], byte[]>> deadLetters() {
        return output(topics.deadLetters());
    }

    /** The records that the topology has written to the topic of messages. */
    List<TestRecord<byte[], byte[]>> writtenAgain() {
        return output(topics.messages());
    }

    private List<TestRecord<byte[], byte[]>> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    public KeyValueStore<Bytes, byte[]> timeline() {
        return driver.getKeyValueStore(StoreLayout.TIMELINE);
    }

    KeyValueStore<Bytes, byte[]> users() {
        return driver.getKeyValueStore(StoreLayout.USERS);
    }

    private List<KeyValueStore<Bytes, byte[]>> stores() {
        return driver.getAllStateStores().keySet().stream()
                .filter(name -> !name.equals(StoreLayout.FIRSTS))
                .map(driver::<Bytes, byte[]>getKeyValueStore)
                .toList();
    }

    /** The contents of the user's timeline, oldest first. */
    List<String> timelineOf(String user) {
        return new TimelineReader(Epochs.of(EPOCH), 100, 1 << 20)
                .page(timeline(), new UserId(user), PageRequest.latest(100)).messages().stream()
                        .map(message -> message.content())
                        .toList();
    }

    /** The whole content of the stores, including the checkpoints of all writers. */
    Map<Bytes, Bytes> content() {
        var content = new HashMap<Bytes, Bytes>();
        for (KeyValueStore<Bytes, byte[]> store : stores()) {
            try (var entries = store.all()) {
                entries.forEachRemaining(entry -> {
                    if (!isMark(entry.key)) {
                        content.put(
                                Bytes.wrap((store.name() + entry.key).getBytes(StandardCharsets.UTF_8)),
                                Bytes.wrap(entry.value));
                    }
                });
            }
        }
        content.put(Bytes.wrap(bytes("marks")), Bytes.wrap(bytes(Marks.of(this).toString())));
        try (var firsts = firsts().all()) {
            firsts.forEachRemaining(first -> content.put(
                    Bytes.wrap(first.key.toString().getBytes(StandardCharsets.UTF_8)), Bytes.wrap(first.value)));
        }
        return content;
    }

    private static boolean isMark(Bytes key) {
        return ByteBuffer.wrap(key.get()).getShort() == 0;
    }

    /** The checkpoints of one partition. */
    record Marks(SourceCheckpoint inbox, SourceCheckpoint sent, SourceCheckpoint claims) {
        static Marks of(HistoryDriver driver) {
            return new Marks(
                    SourceCheckpoint.read(driver.timeline(), Source.INBOX),
                    SourceCheckpoint.read(driver.timeline(), 0),
                    SourceCheckpoint.read(driver.users(), Source.CLAIMS));
        }

        void writeTo(HistoryDriver driver) {
            write(inbox, driver.timeline(), Source.INBOX);
            write(sent, driver.timeline(), 0);
            write(claims, driver.users(), Source.CLAIMS);
        }

        private static void write(SourceCheckpoint sourceCheckpoint, KeyValueStore<Bytes, byte[]> store, int source) {
            sourceCheckpoint.write(store, source, 0);
            SourceCheckpoint.removeOthers(store, source, 0);
        }
    }

    /** Appends late writes of this driver to the changelog, which another driver later restores on top of its own. */
    void writeLate(HistoryDriver other, Runnable late) {
        changelog(StoreLayout.TIMELINE);
        changelog(StoreLayout.USERS);
        late.run();
        changelog(StoreLayout.TIMELINE).forEach(entry -> put(entry, other.timeline()));
        changelog(StoreLayout.USERS).forEach(entry -> put(entry, other.users()));
    }

    private List<TestRecord<byte[], byte[]>> changelog(String store) {
        return output(APPLICATION + "-" + store + "-changelog");
    }

    private static void put(TestRecord<byte[], byte[]> entry, KeyValueStore<Bytes, byte[]> store) {
        store.put(Bytes.wrap(entry.key()), entry.value());
    }

    /** Stores the current state in another directory, as a crash would leave it, for another driver to continue. */
    void keepIn(Path other) {
        File task = other.resolve(APPLICATION).resolve("0_0").toFile();
        var context = new MockProcessorContext<Void, Void>(new Properties(), new TaskId(0, 0), task);
        for (KeyValueStore<Bytes, byte[]> store : stores()) {
            KeyValueStore<Bytes, byte[]> copy =
                    Stores.persistentKeyValueStore(store.name()).get();
            copy.init(context.getStateStoreContext(), copy);
            try (var entries = store.all()) {
                entries.forEachRemaining(entry -> copy.put(entry.key, entry.value));
            }
            copy.close();
        }
        WindowStore<Bytes, byte[]> copy = HistoryTopology.firstsSupplier().get();
        copy.init(context.getStateStoreContext(), copy);
        try (var firsts = firsts().all()) {
            firsts.forEachRemaining(first ->
                    copy.put(first.key.key(), first.value, first.key.window().start()));
        }
        copy.close();
    }

    private WindowStore<Bytes, byte[]> firsts() {
        return driver.getWindowStore(StoreLayout.FIRSTS);
    }

    @Override
    public void close() {
        driver.close();
    }
}
