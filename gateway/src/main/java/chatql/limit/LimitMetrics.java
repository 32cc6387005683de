package chatql.limit;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts how often each limit was reached. */
public final class LimitMetrics {
    private final Map<Limit, Counter> byLimit = new EnumMap<>(Limit.class);

    public LimitMetrics(MeterRegistry registry) {
        for (Limit limit : Limit.values()) {
            byLimit.put(limit, Meters.LIMITS_REJECTED.counter(registry, limit.label()));
        }
    }

    public void count(Limit limit) {
        Objects.requireNonNull(byLimit.get(limit)).increment();
    }
}
