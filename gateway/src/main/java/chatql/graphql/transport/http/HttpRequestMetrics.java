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
 * Times the API's requests under the name and the labels that Spring's observation of a request gives, and makes a span of
 * each where traces are collected. Spring works out every label of every request, and here they are worked out once for all
 * that have the same.
 */
public final class HttpRequestMetrics {
    private static final String NAME = "http.server.requests";
    private static final String NONE = "none";
    private static final String UNKNOWN = "UNKNOWN";

    /** Spring's own set, for clients think of any number of others. */
    private static final Set<String> METHODS = Stream.of(org.springframework.http.HttpMethod.values())
            .map(org.springframework.http.HttpMethod::name)
            .collect(Collectors.toUnmodifiableSet());

    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final SpanObservations spans;
    private final String path;

    /**
     * What a request's labels depend on.
     *
     * @param status 0 where there was no answer
     */
    private record Kind(String method, int status, @Nullable Class<?> failure) {}

    public HttpRequestMetrics(MeterRegistry meters, SpanObservations spans, String path) {
        this.meters = meters;
        this.spans = spans;
        this.path = path;
    }

    /** What runs in {@code served} is a part of the request's span. */
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
        HttpStatus known = HttpStatus.resolve(status);
        if (known == null) {
            return UNKNOWN;
        }
        return known.is2xxSuccessful() ? "SUCCESS" : known.series().name();
    }

    /** Of one request. It ends once: Reactor says of one that is answered, too, that it was cancelled afterwards. */
    private final class Timing extends DefaultSignalListener<Void> {
        private final HttpMethod method;
        private final HttpServerResponse response;
        private final long begin = System.nanoTime();
        private final Observation span;
        private final AtomicBoolean over = new AtomicBoolean();

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
            ended(response.status().code(), null);
        }

        @Override
        public void doOnError(Throwable failure) {
            ended(response.status().code(), failure.getClass());
        }

        /** A client that disconnects before the answer has none. */
        @Override
        public void doOnCancel() {
            ended(response.hasSentHeaders() ? response.status().code() : 0, null);
        }

        private void ended(int status, @Nullable Class<?> failure) {
            if (over.getAndSet(true)) {
                return;
            }
            String name = METHODS.contains(method.name()) ? method.name() : UNKNOWN;
            timers.computeIfAbsent(new Kind(name, status, failure), HttpRequestMetrics.this::timer)
                    .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            if (span.getContext() instanceof NettyRequestObservationContext observed) {
                observed.answered(status);
            }
            span.stop();
        }
    }
}
