package chatql.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelSpan;
import io.opentelemetry.api.trace.StatusCode;

/**
 * Makes a span of each observation of one kind, and says itself all that stands in it: an observation's own texts, its
 * errors' among them, may repeat what a client wrote.
 */
public abstract class SpanHandler<T extends Observation.Context> implements TracingObservationHandler<T> {
    protected static final String ERROR = "error.type";

    private final Tracer tracer;
    private final Class<T> kind;

    protected SpanHandler(Tracer tracer, Class<T> kind) {
        this.tracer = tracer;
        this.kind = kind;
    }

    /** The span to begin, with its parent and its kind. */
    protected abstract Span.Builder begin(T context);

    /** What is known of it at its end, its name among that. */
    protected abstract void describe(T context, Span span);

    /** What is going on around it has it as a part; the first of all where nothing is. */
    protected Span.Builder within(T context) {
        Span.Builder span = tracer.spanBuilder();
        Span parent = getParentSpan(context);
        return parent == null ? span : span.setParent(parent.context());
    }

    /** Says that it ended badly, and by which kind of error. */
    protected static void failed(Span span, String type) {
        span.tag(ERROR, type);
        OtelSpan.toOtel(span).setStatus(StatusCode.ERROR);
    }

    @Override
    public void onStart(T context) {
        // First: once there is a tracing context, nobody looks for a parent.
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
