package chatql.kafka.topology;

import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.store.IdempotencyIndex;
import chatql.kafka.store.StoreLayout;
import chatql.kafka.topic.KeyPartitioner;
import chatql.kafka.topic.TopicSettings;
import chatql.message.Epochs;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The topology that turns the log into timelines and usernames. All of one user is stored by one task.
 *
 * <pre>
 * chat.messages ─► inbox ──► store of timelines ◄── outbox ◄─ chat.sent
 *                   │ │ └──► chat.sent (keyed by the sender)
 *                   │ └────► chat.messages (rerouted to the recipient's partition)
 *                   └──────► chat.messages.dlt
 * chat.users ─────► claims ─► store of users
 * </pre>
 *
 * A store notes how far it has come with each topic, and with each partition that a topic's records originate from:
 * {@link chatql.kafka.store.Source} numbers them.
 */
public final class HistoryTopology {
    private static final String SENT_SINK = "sent";

    private final TopicSettings topics;
    private final Epochs epochs;
    private final StoreProgress storeProgress;
    private final RepairProgress repairProgress;
    private final RecordOutcomeListener recordOutcomeListener;

    public HistoryTopology(
            TopicSettings topics,
            Epochs epochs,
            StoreProgress storeProgress,
            RepairProgress repairProgress,
            RecordOutcomeListener recordOutcomeListener) {
        this.topics = topics;
        this.epochs = epochs;
        this.storeProgress = storeProgress;
        this.repairProgress = repairProgress;
        this.recordOutcomeListener = recordOutcomeListener;
    }

    public Topology build() {
        var topology = new Topology();
        timelines(topology);
        users(topology);
        return topology;
    }

    private void timelines(Topology topology) {
        var keyPartitioner = new KeyPartitioner(topics.partitions());
        source(topology, topics.messages());
        topology.addProcessor(
                "inbox",
                supplier(() -> new InboxProcessor(
                        keyPartitioner, epochs, storeProgress, SENT_SINK, repairProgress, recordOutcomeListener)),
                topics.messages());
        sink(topology, SENT_SINK, topics.sent());
        sink(topology, RecordRouter.DEAD_LETTERS, topics.deadLetters());
        rewrittenSink(topology, keyPartitioner);
        source(topology, topics.sent());
        topology.addProcessor(
                "outbox",
                supplier(() -> new OutboxProcessor(topics.partitions(), epochs, storeProgress)),
                topics.sent());
        topology.addStateStore(store(StoreLayout.TIMELINE), "inbox", "outbox");
        topology.addStateStore(firsts(), "inbox");
    }

    private void users(Topology topology) {
        source(topology, topics.users());
        topology.addProcessor(
                "claims",
                supplier(() -> new UsernameProcessor(topics.userPartitions(), storeProgress)),
                topics.users());
        topology.addStateStore(store(StoreLayout.USERS), "claims");
    }

    private static ProcessorSupplier<byte[], byte[], byte[], byte[]> supplier(
            ProcessorSupplier<byte[], byte[], byte[], byte[]> supplier) {
        return supplier;
    }

    private static void source(Topology topology, String topic) {
        topology.addSource(
                AutoOffsetReset.earliest(), topic, new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic);
    }

    private static void sink(Topology topology, String name, String topic) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), "inbox");
    }

    /** Names the partition itself: a topic that was enlarged would otherwise place the user where no query looks. */
    private void rewrittenSink(Topology topology, KeyPartitioner keyPartitioner) {
        // Kafka 4.4 has deprecated the method that a partitioner must still have.
        @SuppressWarnings("removal")
        StreamPartitioner<byte[], byte[]> recipients = (topic, key, value, count) ->
                Optional.of(Set.of(keyPartitioner.of(new String(key, StandardCharsets.UTF_8))));
        topology.addSink(
                RecordRouter.REWRITTEN,
                topics.messages(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                recipients,
                "inbox");
    }

    private static StoreBuilder<WindowStore<Bytes, byte[]>> firsts() {
        return Stores.windowStoreBuilder(firstsSupplier(), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    static WindowBytesStoreSupplier firstsSupplier() {
        return Stores.persistentWindowStore(
                StoreLayout.FIRSTS, IdempotencyIndex.RETENTION, IdempotencyIndex.WINDOW, false);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled();
    }
}
