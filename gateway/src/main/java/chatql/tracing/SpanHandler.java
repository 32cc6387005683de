package chatql.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.opentelemetry.api.trace.StatusCode;

/**
 * Makes a span of each observation of one kind, and sets all of the span's attributes itself: an observation's own
 * texts, including those of its errors, may repeat what a client wrote.
 */
public abstract class SpanHandler<T extends Observation.Context> implements TracingObservationHandler<T> {
    protected static final String ERROR = "error.type";

    private final Tracer tracer;
    private final Class<T> kind;

    protected SpanHandler(Tracer tracer, Class<T> kind) {
        this.tracer = tracer;
        this.kind = kind;
    }

    /** Builds the span, with its parent and its kind. */
    protected abstract Span.Builder begin(T context);

    /** Sets the span's name and attributes when the observation ends. */
    protected abstract void describe(T context, Span span);

    /** Builds a child of the surrounding span; a root span where there is none. */
    protected Span.Builder within(T context) {
        Span.Builder span = tracer.spanBuilder();
        Span parent = getParentSpan(context);
        return parent == null ? span : span.setParent(parent.context());
    }

    /** Marks the span as failed, with the type of the error. */
    protected static void failed(Span span, String type) {
        span.tag(ERROR, type);
        OtelSpan.toOtel(span).setStatus(StatusCode.ERROR);
    }

    @Override
    public void onStart(T context) {
        // Built first: once there is a tracing context, no parent is looked up.
        Span span = begin(context).start();
        getTracingContext(context).setSpan(span);
    }

    @Override
    public void onStop(T context) {
        Span span = getRequiredSpan(context);
        describe(context, span);
        endSpan(context, span);
    }

    @Override
    public final void onEvent(Observation.Event event, T context) {}

    @Override
    public final void onError(T context) {}

    @Override
    public boolean supportsContext(Observation.Context context) {
        return kind.isInstance(context);
    }

    @Override
    public Tracer getTracer() {
        return tracer;
    }
}
