package chatql.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** What the tap tells of itself. */
record TapMetrics(KafkaTap tap) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("chatql.tap.listeners", tap, KafkaTap::listeners)
                .description("Listeners on this pod")
                .register(registry);
        Gauge.builder("chatql.tap.partitions", tap, KafkaTap::openPartitions)
                .description("Partitions that are read because somebody here listens in them")
                .register(registry);
        FunctionCounter.builder("chatql.tap.restarts", tap, KafkaTap::restarts)
                .description("Times that the tap lost its connection or its place and began again")
                .register(registry);
    }
}
