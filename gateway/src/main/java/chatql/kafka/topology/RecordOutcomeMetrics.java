package chatql.kafka.topology;

import chatql.kafka.record.InvalidRecordReason;
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
public final class RecordOutcomeMetrics implements RecordOutcomeListener {
    private static final Set<InvalidRecordReason> MISPLACED =
            EnumSet.of(InvalidRecordReason.KEY, InvalidRecordReason.PARTITION);

    private final Map<InvalidRecordReason, Counter> buried = new EnumMap<>(InvalidRecordReason.class);
    private final Map<InvalidRecordReason, Counter> rewritten = new EnumMap<>(InvalidRecordReason.class);
    private final Map<Repeat, Counter> hidden = new EnumMap<>(Repeat.class);

    public RecordOutcomeMetrics(MeterRegistry registry) {
        for (InvalidRecordReason invalidRecordReason : InvalidRecordReason.values()) {
            buried.put(invalidRecordReason, Meters.DEAD_LETTERS.counter(registry, label(invalidRecordReason)));
        }
        for (InvalidRecordReason invalidRecordReason : MISPLACED) {
            rewritten.put(invalidRecordReason, Meters.REWRITTEN.counter(registry, label(invalidRecordReason)));
        }
        for (Repeat repeat : Repeat.values()) {
            hidden.put(repeat, Meters.REPEATS.counter(registry, label(repeat)));
        }
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void deadLettered(InvalidRecordReason invalidRecordReason) {
        Objects.requireNonNull(buried.get(invalidRecordReason)).increment();
    }

    @Override
    public void rerouted(InvalidRecordReason invalidRecordReason) {
        Objects.requireNonNull(rewritten.get(invalidRecordReason)).increment();
    }

    @Override
    public void suppressed(Repeat repeat) {
        Objects.requireNonNull(hidden.get(repeat)).increment();
    }
}
