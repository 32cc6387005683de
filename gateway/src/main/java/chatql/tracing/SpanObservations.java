package chatql.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Observations that become spans but not meters, for code that has its own timer, because an observation's meter costs
 * several times as much. Without a collector, the same code runs and nothing is observed.
 */
public record SpanObservations(ObservationRegistry registry) {
    /** Used without a collector: nothing is observed. */
    public static final SpanObservations NONE = new SpanObservations(ObservationRegistry.NOOP);

    public static SpanObservations of(List<? extends SpanHandler<?>> handlers) {
        ObservationRegistry registry = ObservationRegistry.create();
        handlers.forEach(registry.observationConfig()::observationHandler);
        return new SpanObservations(registry);
    }

    /**
     * Starts an observation as a child of the one in a subscriber's context.
     *
     * @param observed is not called where nothing is observed
     */
    public Observation start(String name, Supplier<? extends Observation.Context> observed, ContextView subscriber) {
        return Observation.createNotStarted(name, observed::get, registry)
                .parentObservation(parent(subscriber))
                .start();
    }

    private static @Nullable Observation parent(ContextView subscriber) {
        return subscriber.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
    }

    /** The context for what runs within that observation. */
    public static Context in(Context context, Observation observation) {
        return observation.isNoop() ? context : context.put(ObservationThreadLocalAccessor.KEY, observation);
    }
}
