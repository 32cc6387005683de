package chatql.kafka.streams;

import chatql.kafka.rocksdb.StoreMemory;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What the stores tell of themselves. */
public record HistoryMetrics(Restored restored, StoreMemory memory) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Meters.HISTORY_RESTORED.count(registry, restored, Restored::entries);
        Meters.HISTORY_MEMORY.gauge(registry, memory, StoreMemory::used);
        Meters.HISTORY_BROKEN.count(registry, memory, StoreMemory::brokenBlocks);
    }
}
