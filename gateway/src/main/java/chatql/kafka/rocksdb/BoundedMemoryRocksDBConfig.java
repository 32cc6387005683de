package chatql.kafka.rocksdb;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.Options;

/**
 * Makes each store use the pod's shared memory. Kafka Streams instantiates this class by its name, once per store, and
 * passes the settings.
 */
public final class BoundedMemoryRocksDBConfig implements RocksDBConfigSetter {
    /** The setting that holds the {@link RocksDBMemory}. Several pods in one JVM have one each. */
    public static final String MEMORY = "chatql.store.memory";

    @Override
    public void setConfig(String store, Options options, Map<String, Object> settings) {
        var memory = (RocksDBMemory) Objects.requireNonNull(settings.get(MEMORY), MEMORY);
        memory.bound(options);
    }

    /** Closes nothing, because the memory is shared by all stores and outlives each. */
    @Override
    public void close(String store, Options options) {}
}
