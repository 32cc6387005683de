package chatql.graphql.transport;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Times the API's requests under the name and the labels that Spring's observation of a request gives. That works out
 * every label of every request, and here they are worked out once for all that have the same.
 */
final class RequestTimers {
    private static final String NAME = "http.server.requests";
    private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.values());

    private final DefaultServerRequestObservationConvention convention =
            new DefaultServerRequestObservationConvention();
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final String path;

    /**
     * What a request's labels depend on.
     *
     * @param method null where it isn't one of HTTP's own, for clients think of any number of others
     */
    private record Kind(
            @Nullable HttpMethod method,
            @Nullable HttpStatusCode status,
            @Nullable Class<?> failure,
            boolean aborted) {}

    RequestTimers(MeterRegistry meters, String path) {
        this.meters = meters;
        this.path = path;
    }

    Mono<Void> timed(ServerWebExchange exchange, Mono<Void> served) {
        return Mono.defer(() -> {
            long begin = System.nanoTime();
            return served.doOnSuccess(answered -> ended(exchange, begin, null, false))
                    .doOnError(failure -> ended(exchange, begin, failure, false))
                    .doOnCancel(() ->
                            ended(exchange, begin, null, !exchange.getResponse().isCommitted()));
        });
    }

    private void ended(ServerWebExchange exchange, long begin, @Nullable Throwable failure, boolean aborted) {
        HttpMethod method = exchange.getRequest().getMethod();
        var kind = new Kind(
                METHODS.contains(method) ? method : null,
                exchange.getResponse().getStatusCode(),
                failure == null ? null : failure.getClass(),
                aborted);
        timers.computeIfAbsent(kind, first -> timer(exchange, failure, aborted))
                .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }

    private Timer timer(ServerWebExchange exchange, @Nullable Throwable failure, boolean aborted) {
        var observed = new ServerRequestObservationContext(
                exchange.getRequest(), exchange.getResponse(), exchange.getAttributes());
        observed.setPathPattern(path);
        observed.setConnectionAborted(aborted);
        if (failure != null) {
            observed.setError(failure);
        }
        String error = failure == null ? "none" : failure.getClass().getSimpleName();
        Stream<Tag> labels = convention.getLowCardinalityKeyValues(observed).stream()
                .map(label -> Tag.of(label.getKey(), label.getValue()));
        return meters.timer(
                NAME, Stream.concat(Stream.of(Tag.of("error", error)), labels).toList());
    }
}
