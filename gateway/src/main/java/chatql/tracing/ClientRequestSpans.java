package chatql.tracing;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.ClientResponse;

/** Client spans of requests to other pods; propagates the trace context in the requests' headers. */
final class ClientRequestSpans extends SpanHandler<ClientRequestObservationContext> {
    private final Propagator propagator;

    ClientRequestSpans(Tracer tracer, Propagator propagator) {
        super(tracer, ClientRequestObservationContext.class);
        this.propagator = propagator;
    }

    @Override
    protected Span.Builder begin(ClientRequestObservationContext context) {
        return within(context).kind(Span.Kind.CLIENT);
    }

    @Override
    public void onStart(ClientRequestObservationContext context) {
        super.onStart(context);
        ClientRequest.Builder request = context.getCarrier();
        if (request != null) {
            propagator.inject(getRequiredSpan(context).context(), request, (to, name, value) -> {
                if (to != null) {
                    to.headers(headers -> headers.set(name, value));
                }
            });
        }
    }

    @Override
    protected void describe(ClientRequestObservationContext context, Span span) {
        ClientRequest request = context.getRequest();
        if (request != null) {
            String method = HttpAttributes.method(request.method());
            span.name(method + " " + request.url().getPath())
                    .tag(HttpAttributes.METHOD, method)
                    .tag("server.address", request.url().getHost())
                    .tag("server.port", request.url().getPort());
        }
        answered(context, span);
    }

    private static void answered(ClientRequestObservationContext context, Span span) {
        ClientResponse response = context.getResponse();
        Throwable failure = context.getError();
        if (response != null) {
            HttpStatusCode status = response.statusCode();
            span.tag(HttpAttributes.STATUS, status.value());
            if (status.isError()) {
                failed(span, Integer.toString(status.value()));
            }
        } else if (failure != null) {
            failed(span, failure.getClass().getName());
        }
    }
}
