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
 * The issuer's keys, in memory. They are read again in the background, once at a time, so that a token is checked without
 * the issuer; only a token of an unknown key waits for a fetch, and only while the issuer answers. Old keys are used while
 * it doesn't, for an hour at most.
 */
final class IssuerKeys implements AutoCloseable {
    /** Between two fetches of which the latter is for an unknown key, or for an issuer that did not answer. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    /**
     * How long keys are used that should have been read again. A token lives for less, as a rule, and while its issuer is
     * away there are no new ones; so hardly anybody has a good token any more when the keys are dropped. A key that the
     * issuer wants to take back meanwhile is used for no longer than that.
     */
    static final Duration OUTAGE = Duration.ofHours(1);

    /** Of a key's id, in characters. Issuers use thumbprints, which have 43, or UUIDs. */
    static final int MAX_ID_LENGTH = 256;

    /** What tokens are checked with. */
    enum State {
        /** Nothing: the keys have not been read yet, or not for too long. */
        NONE,
        /** Keys that should have been read again. */
        OLD,
        /** Keys as the issuer has shown them at the last fetch. */
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
    private volatile State told = State.CURRENT;

    // Guarded by this.
    private Sinks.@Nullable Empty<Void> flight;
    private @Nullable Disposable fetching;
    private @Nullable Disposable next;
    private long asked;
    private boolean closed;

    /**
     * @param fetch reads the keys, within a bound of time and memory
     * @param algorithm of the signatures, and no other
     * @param refresh how long keys are used without another look
     * @param scheduler the clock, and where the looks are planned
     */
    IssuerKeys(Mono<JWKSet> fetch, JWSAlgorithm algorithm, Duration refresh, Scheduler scheduler) {
        this.fetch = fetch;
        this.algorithm = algorithm;
        this.refresh = refresh.toNanos();
        this.scheduler = scheduler;
    }

    /** Reads the keys for the first time, and from then on again and again. */
    IssuerKeys start() {
        refresh();
        return this;
    }

    /**
     * The keys that a token with this header may be signed with; none where the issuer has no such key. Errors with {@link
     * AuthenticationUnavailable} when that can't be told now.
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

    /** Empty where another look at the issuer may find more. */
    private Optional<List<JWK>> known(JWSHeader header) {
        JWKSet keys = usable();
        if (keys == null) {
            return Optional.empty();
        }
        List<JWK> matching = matching(header, keys);
        String id = header.getKeyID();
        boolean told = !matching.isEmpty() || id == null || keys.getKeyByKeyId(id) != null;
        return told ? Optional.of(matching) : Optional.empty();
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

    /** Of a monotonic clock, which Reactor's is in nanoseconds. */
    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Completes when the keys are no older than {@link #PAUSE}. While the issuer does not answer, no caller waits for it. */
    private synchronized Mono<Void> refreshed() {
        if (flight == null && now() - asked >= PAUSE.toNanos()) {
            refresh();
        }
        if (failing) {
            return Mono.error(new AuthenticationUnavailable(null));
        }
        return flight == null ? Mono.empty() : flight.asMono();
    }

    private synchronized void refresh() {
        if (closed || flight != null) {
            return;
        }
        Sinks.Empty<Void> own = Sinks.empty();
        flight = own;
        asked = now();
        fetching = fetch.subscribe(keys -> landed(own, keys), failure -> lost(own, failure));
    }

    private void landed(Sinks.Empty<Void> own, JWKSet keys) {
        known = new Known(keys, now());
        failing = false;
        read.increment();
        over(refresh);
        tell("");
        own.tryEmitEmpty();
    }

    private void lost(Sinks.Empty<Void> own, Throwable failure) {
        failing = true;
        failed.increment();
        over(PAUSE.toNanos());
        tell(reason(failure));
        own.tryEmitError(new AuthenticationUnavailable(failure));
    }

    private synchronized void over(long pause) {
        flight = null;
        if (next != null) {
            next.dispose();
        }
        if (!closed) {
            next = scheduler.schedule(this::refresh, pause, TimeUnit.NANOSECONDS);
        }
    }

    /** Of what others have said, a line that is short. */
    private static String reason(Throwable failure) {
        String text = String.valueOf(
                NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
        return text.substring(0, Math.min(text.length(), MAX_REASON_LENGTH)).replaceAll("\\p{Cntrl}+", " ");
    }

    /** Once for each change. */
    private void tell(String reason) {
        State now = state();
        if (now == told) {
            return;
        }
        told = now;
        switch (now) {
            case CURRENT -> LOG.info("The issuer's keys are read again");
            case OLD ->
                LOG.warn(
                        "The issuer's keys cannot be read, and the old ones are used for {} min at most: {}",
                        OUTAGE.toMinutes(),
                        reason);
            case NONE -> LOG.error("There are no keys of the issuer, and tokens cannot be checked: {}", reason);
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

    /** How old the keys are that are used; empty where there are none. */
    Optional<Duration> age() {
        Known now = known;
        return now == null || usable() == null ? Optional.empty() : Optional.of(Duration.ofNanos(age(now)));
    }

    /** How often the keys were read. */
    long read() {
        return read.sum();
    }

    /** How often they could not be. */
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
