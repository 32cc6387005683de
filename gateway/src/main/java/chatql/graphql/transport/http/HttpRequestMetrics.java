package chatql.graphql.transport.http;

import chatql.tracing.NettyRequestObservationContext;
import chatql.tracing.SpanObservations;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import reactor.core.observability.DefaultSignalListener;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.util.context.Context;

/**
 * Times the API's requests under the name and the labels of Spring's observation of a request, and makes a span of each
 * where traces are collected. Spring computes every label of every request; this class computes them once for all
 * requests that have the same ones.
 */
public final class HttpRequestMetrics {
    private static final String NAME = "http.server.requests";
    private static final String NONE = "none";
    private static final String UNKNOWN = "UNKNOWN";

    /** Spring's own set, because clients can invent any number of other methods. */
    private static final Set<String> METHODS = Stream.of(org.springframework.http.HttpMethod.values())
            .map(org.springframework.http.HttpMethod::name)
            .collect(Collectors.toUnmodifiableSet());

    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final SpanObservations spans;
    private final String path;

    /**
     * The properties that determine a request's labels.
     *
     * @param status 0 where there was no response
     */
    private record Kind(String method, int status, @Nullable Class<?> failure) {}

    public HttpRequestMetrics(MeterRegistry meters, SpanObservations spans, String path) {
        this.meters = meters;
        this.spans = spans;
        this.path = path;
    }

    /** Times a request; what runs in {@code served} is a part of the request's span. */
    public Mono<Void> timed(HttpServerRequest request, HttpServerResponse response, Mono<Void> served) {
        return served.tap(() -> new Timing(request, response));
    }

    private Timer timer(Kind kind) {
        String failure = kind.failure() == null ? NONE : kind.failure().getSimpleName();
        return meters.timer(
                NAME,
                List.of(
                        Tag.of("error", failure),
                        Tag.of("exception", failure),
                        Tag.of("method", kind.method()),
                        Tag.of("outcome", outcome(kind.status())),
                        Tag.of("status", kind.status() == 0 ? UNKNOWN : Integer.toString(kind.status())),
                        Tag.of("uri", path)));
    }

    private static String outcome(int status) {
        HttpStatus resolved = HttpStatus.resolve(status);
        if (resolved == null) {
            return UNKNOWN;
        }
        return resolved.is2xxSuccessful() ? "SUCCESS" : resolved.series().name();
    }

    /** Times one request. It ends once, although Reactor also signals a cancellation after the response. */
    private final class Timing extends DefaultSignalListener<Void> {
        private final HttpMethod method;
        private final HttpServerResponse response;
        private final long startNanos = System.nanoTime();
        private final Observation span;
        private final AtomicBoolean ended = new AtomicBoolean();

        Timing(HttpServerRequest request, HttpServerResponse response) {
            this.method = request.method();
            this.response = response;
            this.span = spans.start(NAME, () -> new NettyRequestObservationContext(request, path), Context.empty());
        }

        @Override
        public Context addToContext(Context context) {
            return SpanObservations.in(context, span);
        }

        @Override
        public void doOnComplete() {
            end(response.status().code(), null);
        }

        @Override
        public void doOnError(Throwable failure) {
            end(response.status().code(), failure.getClass());
        }

        /** A client that disconnects before the response gets no status. */
        @Override
        public void doOnCancel() {
            end(response.hasSentHeaders() ? response.status().code() : 0, null);
        }

        private void end(int status, @Nullable Class<?> failure) {
            if (ended.getAndSet(true)) {
                return;
            }
            String name = METHODS.contains(method.name()) ? method.name() : UNKNOWN;
            timers.computeIfAbsent(new Kind(name, status, failure), HttpRequestMetrics.this::timer)
                    .record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
            if (span.getContext() instanceof NettyRequestObservationContext observed) {
                observed.answered(status);
            }
            span.stop();
        }
    }
}
