package chatql.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What the stores tell of themselves. */
record HistoryMetrics(Restored restored, StoreMemory memory) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("chatql.history.restored", restored, Restored::entries)
                .description("Entries of stores that were read again, for they were not on disk")
                .register(registry);
        Gauge.builder("chatql.history.memory", memory, StoreMemory::used)
                .baseUnit("bytes")
                .description("Native memory that the stores hold")
                .register(registry);
        FunctionCounter.builder("chatql.history.broken", memory, StoreMemory::brokenBlocks)
                .description("Blocks of stores that were broken when they were read")
                .register(registry);
    }
}
