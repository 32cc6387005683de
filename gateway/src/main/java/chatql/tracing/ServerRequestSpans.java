package chatql.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.List;
import java.util.Objects;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

/** Makes spans of requests from other pods; the headers of a request name the parent of its span. */
final class ServerRequestSpans extends SpanHandler<ServerRequestObservationContext> {
    private final Propagator propagator;
    private final List<TracedPaths> traced;

    ServerRequestSpans(Tracer tracer, Propagator propagator, List<TracedPaths> traced) {
        super(tracer, ServerRequestObservationContext.class);
        this.propagator = propagator;
        this.traced = traced;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ServerRequestObservationContext request && isTraced(carrier(request));
    }

    private boolean isTraced(ServerHttpRequest request) {
        String path = request.getURI().getPath();
        return traced.stream().anyMatch(paths -> paths.contain().test(path));
    }

    private static ServerHttpRequest carrier(ServerRequestObservationContext context) {
        return Objects.requireNonNull(context.getCarrier());
    }

    @Override
    protected Span.Builder begin(ServerRequestObservationContext context) {
        return propagator
                .extract(
                        context.getCarrier(),
                        (request, name) -> request.getHeaders().getFirst(name))
                .kind(Span.Kind.SERVER);
    }

    @Override
    protected void describe(ServerRequestObservationContext context, Span span) {
        HttpAttributes.request(span, carrier(context).getMethod(), context.getPathPattern());
        HttpStatusCode status =
                context.getResponse() == null ? null : context.getResponse().getStatusCode();
        if (status != null) {
            HttpAttributes.answer(span, status.value());
        }
    }
}
