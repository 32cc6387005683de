package chatql.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;

/** Handles observations without a span of their own: spans within one become children of the observation's parent. */
public record ParentSpanHandler(Tracer tracer, Class<? extends Observation.Context> kind)
        implements TracingObservationHandler<Observation.Context> {
    @Override
    public void onStart(Observation.Context context) {
        Span parent = getParentSpan(context);
        getTracingContext(context).setSpan(parent);
    }

    @Override
    public void onStop(Observation.Context context) {}

    @Override
    public void onEvent(Observation.Event event, Observation.Context context) {}

    @Override
    public void onError(Observation.Context context) {}

    @Override
    public boolean supportsContext(Observation.Context context) {
        return kind.isInstance(context);
    }

    @Override
    public Tracer getTracer() {
        return tracer;
    }
}
