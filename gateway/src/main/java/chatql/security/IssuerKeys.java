package chatql.security;

import chatql.user.AuthenticationUnavailable;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Caches the issuer's keys in memory. A background fetch refreshes them, one at a time, so that verifying a token does
 * not wait for the issuer. Only a token with an unknown key id waits for a fetch, and only while the issuer responds.
 * While it does not respond, the previous keys are used for at most an hour.
 */
final class IssuerKeys implements AutoCloseable {
    /** The pause between two fetches if the second is for an unknown key, or retries a failed one. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    /**
     * How long keys are used after their refresh is due. Tokens usually live for less, and an issuer that is away
     * issues none, so hardly any caller still has a valid token when the keys are dropped. A key that the issuer
     * revokes meanwhile is used for no longer than this.
     */
    static final Duration OUTAGE = Duration.ofHours(1);

    /** Of a key id, in characters. Issuers use thumbprints, which have 43, or UUIDs. */
    static final int MAX_ID_LENGTH = 256;

    /** Which keys verify tokens. */
    enum State {
        /** None: the keys have not been fetched yet, or not for too long. */
        NONE,
        /** Keys whose refresh is overdue, because the last fetch failed. */
        OLD,
        /** Keys from the last fetch, which succeeded. */
        CURRENT
    }

    private record Known(JWKSet keys, long since) {}

    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final int MAX_REASON_LENGTH = 200;

    private final Mono<JWKSet> fetch;
    private final JWSAlgorithm algorithm;
    private final long refresh;
    private final Scheduler scheduler;
    private final LongAdder read = new LongAdder();
    private final LongAdder failed = new LongAdder();

    private volatile @Nullable Known known;
    private volatile boolean failing;
    private volatile State logged = State.CURRENT;

    // Guarded by this.
    private Sinks.@Nullable Empty<Void> inFlight;
    private @Nullable Disposable fetching;
    private @Nullable Disposable next;
    private long lastFetch;
    private boolean closed;

    /**
     * @param fetch reads the keys, within a bound of time and memory
     * @param algorithm the only accepted signature algorithm
     * @param refresh how long keys are used before the next fetch
     * @param scheduler the clock, and where fetches are scheduled
     */
    IssuerKeys(Mono<JWKSet> fetch, JWSAlgorithm algorithm, Duration refresh, Scheduler scheduler) {
        this.fetch = fetch;
        this.algorithm = algorithm;
        this.refresh = refresh.toNanos();
        this.scheduler = scheduler;
    }

    /** Starts the first fetch, and schedules the next after each. */
    IssuerKeys start() {
        refresh();
        return this;
    }

    /**
     * The keys that may have signed a token with this header; none where the issuer has no such key. Errors with {@link
     * AuthenticationUnavailable} while that is unknown.
     */
    Mono<List<JWK>> candidates(JWSHeader header) {
        if (!algorithm.equals(header.getAlgorithm()) || isTooLong(header.getKeyID())) {
            return Mono.just(List.of());
        }
        return Mono.defer(() -> known(header)
                .map(Mono::just)
                .orElseGet(() -> refreshed().then(Mono.fromSupplier(() -> matching(header, usable())))));
    }

    private static boolean isTooLong(@Nullable String id) {
        return id != null && id.length() > MAX_ID_LENGTH;
    }

    /** Empty where another fetch may find a matching key. */
    private Optional<List<JWK>> known(JWSHeader header) {
        JWKSet keys = usable();
        if (keys == null) {
            return Optional.empty();
        }
        List<JWK> matching = matching(header, keys);
        String id = header.getKeyID();
        boolean conclusive = !matching.isEmpty() || id == null || keys.getKeyByKeyId(id) != null;
        return conclusive ? Optional.of(matching) : Optional.empty();
    }

    private static List<JWK> matching(JWSHeader header, @Nullable JWKSet keys) {
        return keys == null ? List.of() : new JWKSelector(JWKMatcher.forJWSHeader(header)).select(keys);
    }

    private @Nullable JWKSet usable() {
        Known now = known;
        return now == null || age(now) > refresh + OUTAGE.toNanos() ? null : now.keys();
    }

    private long age(Known keys) {
        return now() - keys.since();
    }

    /** In nanoseconds of a monotonic clock, as Reactor's schedulers have it. */
    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /**
     * Completes once the keys are no older than {@link #PAUSE}. While the issuer does not respond, it errors at once:
     * no caller waits.
     */
    private synchronized Mono<Void> refreshed() {
        if (inFlight == null && now() - lastFetch >= PAUSE.toNanos()) {
            refresh();
        }
        if (failing) {
            return Mono.error(new AuthenticationUnavailable(null));
        }
        return inFlight == null ? Mono.empty() : inFlight.asMono();
    }

    private synchronized void refresh() {
        if (closed || inFlight != null) {
            return;
        }
        Sinks.Empty<Void> sink = Sinks.empty();
        inFlight = sink;
        lastFetch = now();
        fetching = fetch.subscribe(keys -> onKeys(sink, keys), failure -> onFailure(sink, failure));
    }

    private void onKeys(Sinks.Empty<Void> sink, JWKSet keys) {
        known = new Known(keys, now());
        failing = false;
        read.increment();
        scheduleNext(refresh);
        logChange("");
        sink.tryEmitEmpty();
    }

    private void onFailure(Sinks.Empty<Void> sink, Throwable failure) {
        failing = true;
        failed.increment();
        scheduleNext(PAUSE.toNanos());
        logChange(reason(failure));
        sink.tryEmitError(new AuthenticationUnavailable(failure));
    }

    private synchronized void scheduleNext(long pause) {
        inFlight = null;
        if (next != null) {
            next.dispose();
        }
        if (!closed) {
            next = scheduler.schedule(this::refresh, pause, TimeUnit.NANOSECONDS);
        }
    }

    /** One short line without control characters, because the issuer's response may have written the text. */
    private static String reason(Throwable failure) {
        String text = String.valueOf(
                NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
        return text.substring(0, Math.min(text.length(), MAX_REASON_LENGTH)).replaceAll("\\p{Cntrl}+", " ");
    }

    /** Logs each change of state once. */
    private void logChange(String reason) {
        State now = state();
        if (now == logged) {
            return;
        }
        logged = now;
        switch (now) {
            case CURRENT -> LOG.info("Fetching the issuer's keys succeeds again");
            case OLD ->
                LOG.warn(
                        "Cannot fetch the issuer's keys; the previous ones are used for at most {} min: {}",
                        OUTAGE.toMinutes(),
                        reason);
            case NONE -> LOG.error("No keys of the issuer are available, so tokens cannot be verified: {}", reason);
        }
    }

    State state() {
        if (usable() == null) {
            return State.NONE;
        }
        return failing ? State.OLD : State.CURRENT;
    }

    /** Whether the last fetch failed. */
    boolean failing() {
        return failing;
    }

    /** The age of the keys in use; empty where there are none. */
    Optional<Duration> age() {
        Known now = known;
        return now == null || usable() == null ? Optional.empty() : Optional.of(Duration.ofNanos(age(now)));
    }

    /** The number of successful fetches. */
    long read() {
        return read.sum();
    }

    /** The number of failed fetches. */
    long failed() {
        return failed.sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (fetching != null) {
            fetching.dispose();
        }
        if (next != null) {
            next.dispose();
        }
    }
}
