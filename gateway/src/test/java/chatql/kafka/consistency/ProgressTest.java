package chatql.kafka.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.kafka.store.Source;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ProgressTest {
    private static final Source SOURCE = new Source("timeline", 0, -1);
    private static final Source OTHER = new Source("timeline", 0, 0);

    private final Progress progress = new Progress();
    private final Progress.Report report = progress.follow(SOURCE);

    @Test
    void beforeAnythingIsFollowedNothingIsReached() {
        assertThat(progress.reached(SOURCE)).isEqualTo(-1);
    }

    @Test
    void whatIsReachedAlreadyIsNotWaitedFor() {
        report.reached(5);

        StepVerifier.create(progress.reach(SOURCE, 5)).verifyComplete();
        StepVerifier.create(progress.reach(SOURCE, 4)).verifyComplete();
    }

    @Test
    void aWaiterGoesOnWhenItsOffsetIsReachedAndNotBefore() {
        StepVerifier.create(progress.reach(SOURCE, 5))
                .then(() -> report.reached(4))
                .expectNoEvent(Duration.ofMillis(1))
                .then(() -> report.reached(5))
                .verifyComplete();
    }

    @Test
    void aWaiterGoesOnWhenItsOffsetIsPassed() {
        StepVerifier.create(progress.reach(SOURCE, 5))
                .then(() -> report.reached(9))
                .verifyComplete();
    }

    @Test
    void anotherSourceIsNoConcernOfAWaiters() {
        StepVerifier.create(progress.reach(SOURCE, 5))
                .then(() -> progress.follow(OTHER).reached(9))
                .expectNoEvent(Duration.ofMillis(1))
                .thenCancel()
                .verify();
    }

    @Test
    void aSourceThatIsFollowedNoLongerIsWaitedForAgain() {
        report.reached(5);
        report.ended();

        assertThat(progress.reached(SOURCE)).isEqualTo(-1);
        StepVerifier.create(progress.reach(SOURCE, 5))
                .then(() -> report.reached(5))
                .verifyComplete();
    }

    @Test
    void whoeverStopsWaitingIsNotToldAndHoldsUpNobody() {
        Disposable gone = progress.reach(SOURCE, 5).subscribe();

        StepVerifier.create(progress.reach(SOURCE, 5))
                .then(gone::dispose)
                .then(() -> report.reached(5))
                .verifyComplete();
    }

    @Test
    void offsetsWithoutARecordAreReachedWithTheRecordBeforeThem() {
        report.reached(3);
        progress.read(SOURCE, 5, 8);
        assertThat(progress.reached(SOURCE))
                .as("5 was read and isn't there yet")
                .isEqualTo(3);

        report.reached(5);
        StepVerifier.create(progress.reach(SOURCE, 7))
                .then(() -> progress.read(SOURCE, -1, 8))
                .verifyComplete();
        assertThat(progress.reached(SOURCE)).isEqualTo(7);
    }

    @Test
    void whatStoodBeforeTheBeginningIsThere() {
        progress.read(SOURCE, -1, 8);

        assertThat(progress.reached(SOURCE)).isEqualTo(7);
    }

    @Test
    void whatWasReadBeforeTheBeginningIsNoneOfItsConcern() {
        progress.read(SOURCE, 20, 21);
        Progress.Report again = progress.follow(SOURCE);
        again.reached(3);
        progress.read(SOURCE, -1, 8);

        assertThat(progress.reached(SOURCE)).isEqualTo(7);
    }

    @Test
    void whatIsReadWhileNobodyFollowsIsNotThere() {
        report.ended();
        progress.read(SOURCE, -1, 8);
        progress.read(OTHER, -1, 8);

        assertThat(progress.reached(SOURCE)).isEqualTo(-1);
        assertThat(progress.reached(OTHER)).isEqualTo(-1);
    }

    @Test
    void nobodyWaitsForGoodHoweverWaitingAndFollowingInterleave() {
        Mono<Void> waiters = Flux.fromStream(IntStream.range(0, 20_000).boxed())
                .flatMap(offset -> progress.reach(SOURCE, offset).subscribeOn(Schedulers.parallel()), 1_000)
                .then();
        Mono<Void> follower = Flux.range(0, 20_000)
                .doOnNext(report::reached)
                .subscribeOn(Schedulers.boundedElastic())
                .then();

        StepVerifier.create(Mono.when(waiters, follower)).expectComplete().verify(Duration.ofSeconds(20));
    }
}
