package chatql.kafka.tap;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Binds the tap's meters. */
public record TapMetrics(KafkaTap tap) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Meters.TAP_LISTENERS.gauge(registry, tap, KafkaTap::subscribers);
        Meters.TAP_PARTITIONS.gauge(registry, tap, KafkaTap::openPartitions);
        Meters.TAP_UP.gauge(registry, tap, reading -> reading.failure() == null ? 1 : 0);
        Meters.TAP_RESTARTS.count(registry, tap, KafkaTap::restarts);
        Meters.TAP_DISPATCHED.count(registry, tap.counters(), DispatchCounters::dispatched);
        Meters.TAP_SKIPPED.count(registry, tap.counters(), DispatchCounters::skipped);
    }
}
