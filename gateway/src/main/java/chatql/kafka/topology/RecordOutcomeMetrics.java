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

/** Counts dead-lettered, rerouted and duplicate records. */
public final class RecordOutcomeMetrics implements RecordOutcomeListener {
    private static final Set<InvalidRecordReason> MISPLACED =
            EnumSet.of(InvalidRecordReason.KEY, InvalidRecordReason.PARTITION);

    private final Map<InvalidRecordReason, Counter> deadLettered = new EnumMap<>(InvalidRecordReason.class);
    private final Map<InvalidRecordReason, Counter> rerouted = new EnumMap<>(InvalidRecordReason.class);
    private final Map<Repeat, Counter> suppressed = new EnumMap<>(Repeat.class);

    public RecordOutcomeMetrics(MeterRegistry registry) {
        for (InvalidRecordReason invalidRecordReason : InvalidRecordReason.values()) {
            deadLettered.put(invalidRecordReason, Meters.DEAD_LETTERS.counter(registry, label(invalidRecordReason)));
        }
        for (InvalidRecordReason invalidRecordReason : MISPLACED) {
            rerouted.put(invalidRecordReason, Meters.RECORDS_REROUTED.counter(registry, label(invalidRecordReason)));
        }
        for (Repeat repeat : Repeat.values()) {
            suppressed.put(repeat, Meters.RECORDS_DUPLICATES.counter(registry, label(repeat)));
        }
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void deadLettered(InvalidRecordReason invalidRecordReason) {
        Objects.requireNonNull(deadLettered.get(invalidRecordReason)).increment();
    }

    @Override
    public void rerouted(InvalidRecordReason invalidRecordReason) {
        Objects.requireNonNull(rerouted.get(invalidRecordReason)).increment();
    }

    @Override
    public void suppressed(Repeat repeat) {
        Objects.requireNonNull(suppressed.get(repeat)).increment();
    }
}
