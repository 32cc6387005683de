package chatql.kafka;

import chatql.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** How many records were no messages. */
final class DeadLetters {
    private final Map<Fault, Counter> byFault = new EnumMap<>(Fault.class);

    DeadLetters(MeterRegistry registry) {
        for (Fault fault : Fault.values()) {
            byFault.put(
                    fault, Meters.DEAD_LETTERS.counter(registry, fault.name().toLowerCase(Locale.ROOT)));
        }
    }

    void count(Fault fault) {
        Objects.requireNonNull(byFault.get(fault)).increment();
    }
}
