package chatql.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import chatql.user.AuthenticationUnavailable;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** When keys are fetched from an issuer, and the validation of tokens meanwhile. */
class IssuerKeysTest {
    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Issuer OLD = new Issuer();
    private static final Issuer NEW = new Issuer();

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final IssuerKeys keys = new IssuerKeys(Mono.defer(this::fetch), JWSAlgorithm.RS256, REFRESH, time);

    private int fetches;
    private Mono<JWKSet> answer = Mono.just(set(OLD));

    private Mono<JWKSet> fetch() {
        fetches++;
        return answer;
    }

    private static JWKSet set(Issuer... issuers) {
        try {
            return JWKSet.parse(Issuer.keys(List.of(issuers)));
        } catch (ParseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static <T> Mono<T> away() {
        return Mono.error(new IllegalStateException("away\nand \u001b gone"));
    }

    private List<JWK> candidates(JWSHeader header) {
        List<JWK> found = new ArrayList<>();
        // A fetch without an immediate response is not in the list.
        keys.candidates(header).subscribe(found::addAll, failure -> {});
        return found;
    }

    private void isNotKnownNow(JWSHeader header) {
        assertThatThrownBy(() -> keys.candidates(header).block(MOMENT)).isInstanceOf(AuthenticationUnavailable.class);
    }

    // --- when keys are fetched

    @Test
    void keysAreFetchedAtStartAndRefreshedInBackground() {
        keys.start();
        assertThat(fetches).isOne();

        time.advanceTimeBy(REFRESH.multipliedBy(3));

        assertThat(fetches).isEqualTo(4);
        assertThat(candidates(OLD.header())).hasSize(1);
        assertThat(fetches).as("no token causes a fetch").isEqualTo(4);
    }

    @Test
    void inventedKeyIdsCauseOneFetchPerTenSeconds() {
        keys.start();

        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 100; i++) {
                assertThat(candidates(Issuer.header(UUID.randomUUID().toString())))
                        .isEmpty();
            }
            time.advanceTimeBy(Duration.ofSeconds(1));
        }

        assertThat(fetches).isEqualTo(6);
    }

    @Test
    void oneFetchRunsAtATime() {
        keys.start();
        time.advanceTimeBy(IssuerKeys.PAUSE);
        Sinks.One<JWKSet> slow = Sinks.one();
        answer = slow.asMono();
        var verdicts = new ArrayList<List<JWK>>();

        for (int i = 0; i < 300; i++) {
            keys.candidates(NEW.header()).subscribe(verdicts::add);
        }
        assertThat(verdicts).isEmpty();
        assertThat(candidates(OLD.header()))
                .as("a token with a known key does not wait")
                .hasSize(1);
        slow.tryEmitValue(set(OLD, NEW));

        assertThat(fetches).isEqualTo(2);
        assertThat(verdicts)
                .hasSize(300)
                .allSatisfy(verdict -> assertThat(verdict).hasSize(1));
    }

    @Test
    void newKeyIsFetchedForItsFirstToken() {
        keys.start();
        time.advanceTimeBy(IssuerKeys.PAUSE);
        answer = Mono.just(set(NEW));

        assertThat(candidates(NEW.header())).hasSize(1);
        assertThat(candidates(OLD.header())).as("the old key is removed").isEmpty();
    }

    @Test
    void removedKeyIsDroppedAtNextRefresh() {
        answer = Mono.just(set(OLD, NEW));
        keys.start();
        answer = Mono.just(set(NEW));

        time.advanceTimeBy(REFRESH);

        assertThat(candidates(OLD.header())).isEmpty();
    }

    @Test
    void unusableHeaderCausesNoFetch() {
        keys.start();
        time.advanceTimeBy(IssuerKeys.PAUSE);

        assertThat(candidates(Issuer.header("x".repeat(IssuerKeys.MAX_ID_LENGTH + 1))))
                .isEmpty();
        assertThat(candidates(new JWSHeader(JWSAlgorithm.ES256))).isEmpty();
        assertThat(candidates(new JWSHeader(JWSAlgorithm.RS256)))
                .as("any key may match")
                .hasSize(1);
        assertThat(fetches).isOne();
    }

    @Test
    void nothingIsFetchedAfterClose() {
        keys.start();
        keys.close();

        time.advanceTimeBy(REFRESH.multipliedBy(10));

        assertThat(fetches).isOne();
    }

    // --- while the issuer is unavailable

    @Test
    void missingKeysFailCallersWithoutWaiting() {
        answer = away();
        keys.start();

        isNotKnownNow(OLD.header());
        // The next fetch hangs, and still no caller waits for it.
        answer = Mono.never();
        time.advanceTimeBy(IssuerKeys.PAUSE);

        isNotKnownNow(OLD.header());
        assertThat(fetches).isEqualTo(2);
    }

    @Test
    void oldKeysAreUsedForAtMostOneHour() {
        keys.start();
        answer = away();

        time.advanceTimeBy(REFRESH.plus(IssuerKeys.OUTAGE).minus(MOMENT));
        assertThat(candidates(OLD.header())).hasSize(1);
        isNotKnownNow(NEW.header());
        assertThat(keys.state()).isEqualTo(IssuerKeys.State.OLD);
        time.advanceTimeBy(MOMENT.multipliedBy(2));

        isNotKnownNow(OLD.header());
        assertThat(keys.state()).isEqualTo(IssuerKeys.State.NONE);
    }

    @Test
    void unavailableIssuerIsRetriedEveryTenSecondsUntilItRecovers() {
        keys.start();
        answer = away();
        time.advanceTimeBy(REFRESH.plus(IssuerKeys.PAUSE.multipliedBy(3)));
        for (int i = 0; i < 100; i++) {
            isNotKnownNow(NEW.header());
        }
        assertThat(fetches).isEqualTo(5);

        answer = Mono.just(set(NEW));
        time.advanceTimeBy(IssuerKeys.PAUSE);

        assertThat(candidates(NEW.header())).hasSize(1);
        assertThat(keys.state()).isEqualTo(IssuerKeys.State.CURRENT);
    }

    // --- health, meters and log lines

    @Test
    void eachChangeIsLoggedOnce() {
        List<ILoggingEvent> lines = logged();
        keys.start();
        answer = away();
        time.advanceTimeBy(REFRESH.plus(IssuerKeys.OUTAGE).plus(IssuerKeys.PAUSE.multipliedBy(10)));
        answer = Mono.just(set(OLD));
        time.advanceTimeBy(REFRESH.multipliedBy(2));

        assertThat(lines)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Cannot fetch the issuer's keys; the previous ones are used for at most 60 min: away and   gone",
                        "No keys of the issuer are available, so tokens cannot be verified: away and   gone",
                        "Fetching the issuer's keys succeeds again");
    }

    private static List<ILoggingEvent> logged() {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger(IssuerKeys.class);
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
        return lines.list;
    }

    @Test
    void healthIsDownOnlyWithoutKeys() {
        var health = new IssuerHealth(keys);
        assertThat(health.health().block().getStatus()).isEqualTo(Status.DOWN);

        keys.start();
        assertThat(health.health().block().getDetails()).isEqualTo(Map.of("keysAgeSeconds", 0L));
        answer = away();
        time.advanceTimeBy(REFRESH);

        assertThat(health.health().block().getStatus()).isEqualTo(Status.UP);
        assertThat(health.health().block().getDetails())
                .containsEntry("reason", "Cannot fetch the issuer's keys: using the previous ones")
                .containsEntry("keysAgeSeconds", 300L);
        time.advanceTimeBy(IssuerKeys.OUTAGE.plus(MOMENT));

        assertThat(health.health().block().getStatus()).isEqualTo(Status.DOWN);
    }
}
