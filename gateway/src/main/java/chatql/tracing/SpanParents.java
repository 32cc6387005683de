package chatql.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.opentelemetry.context.Context;
import java.util.Optional;
import reactor.util.context.ContextView;

/** What a subscriber's context belongs to, in OpenTelemetry's terms. */
final class SpanParents {
    private SpanParents() {}

    /** The context of the span of the observation that is there; the root's where none is, or it has none. */
    static Context of(ContextView context) {
        return context.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY)
                .flatMap(observation ->
                        Optional.ofNullable(observation.getContextView().<TracingContext>get(TracingContext.class)))
                .flatMap(tracing -> Optional.ofNullable(tracing.getSpan()))
                .map(span -> Context.root().with(OtelSpan.toOtel(span)))
                .orElse(Context.root());
    }
}
