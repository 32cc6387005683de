package chatql.kafka.rocksdb;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Options;

/** Has each store use the pod's memory. Kafka Streams makes one per store, by its class, and gives it the settings. */
public final class BoundedMemoryRocksDBConfig implements RocksDBConfigSetter {
    /** The setting that holds the {@link RocksDBMemory}: pods of one JVM have one each. */
    public static final String MEMORY = "chatql.store.memory";

    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
        var memory = (RocksDBMemory) Objects.requireNonNull(settings.get(MEMORY), MEMORY);
        memory.bound(options);
    }

    /** The memory is all stores' and outlives each. */
    @Override
    public void close(String store, Options options) {}
}
