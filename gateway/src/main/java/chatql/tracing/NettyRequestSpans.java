package chatql.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.http.HttpMethod;

/** Makes spans of requests from clients; the headers of a request name the parent of its span. */
final class NettyRequestSpans extends SpanHandler<NettyRequestObservationContext> {
    private final Propagator propagator;

    NettyRequestSpans(Tracer tracer, Propagator propagator) {
        super(tracer, NettyRequestObservationContext.class);
        this.propagator = propagator;
    }

    @Override
    protected Span.Builder begin(NettyRequestObservationContext context) {
        return propagator
                .extract(context, NettyRequestObservationContext::header)
                .kind(Span.Kind.SERVER);
    }

    @Override
    protected void describe(NettyRequestObservationContext context, Span span) {
        HttpAttributes.request(span, HttpMethod.valueOf(context.method()), context.route());
        if (context.status() != 0) {
            HttpAttributes.answer(span, context.status());
        }
    }
}
