package chatql.kafka.streams;

import chatql.kafka.rocksdb.RocksDBMemory;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Binds the stores' meters. */
public record StoreMetrics(RestoreCounter restoreCounter, RocksDBMemory memory) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Meters.HISTORY_RESTORED.count(registry, restoreCounter, RestoreCounter::entries);
        Meters.HISTORY_MEMORY.gauge(registry, memory, RocksDBMemory::used);
        Meters.HISTORY_CORRUPT_BLOCKS.count(registry, memory, RocksDBMemory::corruptBlocks);
    }
}
