package chatql.kafka.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDBMemoryTest {
    private static final long BOUND = 8 << 20;
    private static final int STORES = 4;
    private static final int WINDOWS = 4;
    private static final int ENTRIES = 5_000;
    private static final int ENTRY = 2_048;
    private static final Duration WINDOW = Duration.ofHours(1);

    @TempDir
    Path directory;

    @Test
    void allStoresAndSegmentsShareOneBound() {
        try (var memory = new RocksDBMemory(BOUND);
                var driver = new TopologyTestDriver(topology(), settings(memory))) {
            fill(driver);
            read(driver);

            long unwritten = metric(driver, "size-all-mem-tables");
            long tables = metric(driver, "estimate-table-readers-mem");
            System.out.printf(
                    "%d MB in %d stores and %d segments: %,d bytes of %,d used, %,d of them not yet written; %,d for tables%n",
                    (STORES + WINDOWS) * ENTRIES * ENTRY >> 20,
                    STORES,
                    WINDOWS,
                    memory.used(),
                    BOUND,
                    unwritten,
                    tables);
            assertThat(memory.used()).isBetween(BOUND / 2, BOUND + BOUND / 4);
            assertThat(unwritten).isLessThan(BOUND / 2);
            assertThat(tables).isLessThan(BOUND / 4);
        }
    }

    private static Topology topology() {
        var topology = new Topology();
        topology.addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "topic");
        ProcessorSupplier<byte[], byte[], Void, Void> idle = Idle::new;
        topology.addProcessor("processor", idle, "source");
        names().forEach(name -> topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingDisabled(),
                "processor"));
        topology.addStateStore(
                Stores.windowStoreBuilder(
                                Stores.persistentWindowStore("windows", WINDOW.multipliedBy(WINDOWS), WINDOW, false),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingDisabled(),
                "processor");
        return topology;
    }

    private static List<String> names() {
        return IntStream.range(0, STORES).mapToObj(i -> "store" + i).toList();
    }

    private Properties settings(RocksDBMemory memory) {
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "memory");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedMemoryRocksDBConfig.class);
        settings.put(BoundedMemoryRocksDBConfig.MEMORY, memory);
        return settings;
    }

    private static void fill(TopologyTestDriver driver) {
        byte[] entry = new byte[ENTRY];
        new Random(1).nextBytes(entry);
        WindowStore<Bytes, byte[]> windows = driver.getWindowStore("windows");
        List<KeyValueStore<Bytes, byte[]>> stores = stores(driver);
        for (int i = 0; i < ENTRIES; i++) {
            Bytes key = Bytes.wrap(BigInteger.valueOf(i).toByteArray());
            stores.forEach(store -> store.put(key, entry));
            for (int window = 0; window < WINDOWS; window++) {
                windows.put(key, entry, window * WINDOW.toMillis());
            }
        }
    }

    private static void read(TopologyTestDriver driver) {
        WindowStore<Bytes, byte[]> windows = driver.getWindowStore("windows");
        stores(driver).forEach(store -> {
            try (var all = store.all()) {
                all.forEachRemaining(entry -> {});
            }
        });
        try (var all = windows.all()) {
            all.forEachRemaining(entry -> {});
        }
    }

    private static List<KeyValueStore<Bytes, byte[]>> stores(TopologyTestDriver driver) {
        return names().stream().map(driver::<Bytes, byte[]>getKeyValueStore).toList();
    }

    /** The sum over all stores, for each of which Kafka Streams reports the metric. */
    private static long metric(TopologyTestDriver driver, String name) {
        Stream<Object> values = driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name))
                .map(metric -> metric.getValue().metricValue());
        return values.mapToLong(value -> ((Number) value).longValue()).sum();
    }

    private static final class Idle implements Processor<byte[], byte[], Void, Void> {
        @Override
        public void process(Record<byte[], byte[]> record) {}
    }
}
