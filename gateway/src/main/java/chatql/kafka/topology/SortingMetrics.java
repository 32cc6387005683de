package chatql.kafka.topology;

import chatql.kafka.record.Fault;
import chatql.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** How many records were no messages, stood in the wrong place, or were repeats. */
public final class SortingMetrics implements Sorting {
    private static final Set<Fault> MISPLACED = EnumSet.of(Fault.KEY, Fault.PARTITION);

    private final Map<Fault, Counter> buried = new EnumMap<>(Fault.class);
    private final Map<Fault, Counter> rewritten = new EnumMap<>(Fault.class);
    private final Map<Repeat, Counter> hidden = new EnumMap<>(Repeat.class);

    public SortingMetrics(MeterRegistry registry) {
        for (Fault fault : Fault.values()) {
            buried.put(fault, Meters.DEAD_LETTERS.counter(registry, label(fault)));
        }
        for (Fault fault : MISPLACED) {
            rewritten.put(fault, Meters.REWRITTEN.counter(registry, label(fault)));
        }
        for (Repeat repeat : Repeat.values()) {
            hidden.put(repeat, Meters.REPEATS.counter(registry, label(repeat)));
        }
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void buried(Fault fault) {
        Objects.requireNonNull(buried.get(fault)).increment();
    }

    @Override
    public void rewritten(Fault fault) {
        Objects.requireNonNull(rewritten.get(fault)).increment();
    }

    @Override
    public void hidden(Repeat repeat) {
        Objects.requireNonNull(hidden.get(repeat)).increment();
    }
}
