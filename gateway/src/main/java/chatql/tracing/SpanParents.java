package chatql.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.opentelemetry.context.Context;
import java.util.Optional;
import reactor.util.context.ContextView;

/** Finds the parent span in a Reactor context. */
final class SpanParents {
    private SpanParents() {}

    /** The OpenTelemetry context of the current observation's span; the root context where there is none. */
    static Context of(ContextView context) {
        return context.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY)
                .flatMap(observation ->
                        Optional.ofNullable(observation.getContextView().<TracingContext>get(TracingContext.class)))
                .flatMap(tracing -> Optional.ofNullable(tracing.getSpan()))
                .map(span -> Context.root().with(OtelSpan.toOtel(span)))
                .orElse(Context.root());
    }
}
