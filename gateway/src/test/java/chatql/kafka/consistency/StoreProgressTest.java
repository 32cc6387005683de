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

class StoreProgressTest {
    private static final Source SOURCE = new Source("timeline", 0, -1);
    private static final Source OTHER = new Source("timeline", 0, 0);

    private final StoreProgress storeProgress = new StoreProgress();
    private final StoreProgress.ProgressReporter progressReporter = storeProgress.follow(SOURCE);

    @Test
    void unfollowedSourceHasReachedNothing() {
        assertThat(storeProgress.reached(SOURCE)).isEqualTo(-1);
    }

    @Test
    void reachedOffsetIsNotAwaited() {
        progressReporter.reached(5);

        StepVerifier.create(storeProgress.reach(SOURCE, 5)).verifyComplete();
        StepVerifier.create(storeProgress.reach(SOURCE, 4)).verifyComplete();
    }

    @Test
    void waiterCompletesWhenItsOffsetIsReachedAndNotEarlier() {
        StepVerifier.create(storeProgress.reach(SOURCE, 5))
                .then(() -> progressReporter.reached(4))
                .expectNoEvent(Duration.ofMillis(1))
                .then(() -> progressReporter.reached(5))
                .verifyComplete();
    }

    @Test
    void waiterCompletesWhenItsOffsetIsPassed() {
        StepVerifier.create(storeProgress.reach(SOURCE, 5))
                .then(() -> progressReporter.reached(9))
                .verifyComplete();
    }

    @Test
    void progressOfOtherSourceDoesNotCompleteWaiter() {
        StepVerifier.create(storeProgress.reach(SOURCE, 5))
                .then(() -> storeProgress.follow(OTHER).reached(9))
                .expectNoEvent(Duration.ofMillis(1))
                .thenCancel()
                .verify();
    }

    @Test
    void endedSourceIsAwaitedAgain() {
        progressReporter.reached(5);
        progressReporter.ended();

        assertThat(storeProgress.reached(SOURCE)).isEqualTo(-1);
        StepVerifier.create(storeProgress.reach(SOURCE, 5))
                .then(() -> progressReporter.reached(5))
                .verifyComplete();
    }

    @Test
    void cancelledWaiterDoesNotBlockOthers() {
        Disposable cancelled = storeProgress.reach(SOURCE, 5).subscribe();

        StepVerifier.create(storeProgress.reach(SOURCE, 5))
                .then(cancelled::dispose)
                .then(() -> progressReporter.reached(5))
                .verifyComplete();
    }

    @Test
    void offsetsWithoutRecordAreReachedWithPrecedingRecord() {
        progressReporter.reached(3);
        storeProgress.read(SOURCE, 5, 8);
        assertThat(storeProgress.reached(SOURCE))
                .as("offset 5 was read and is not stored yet")
                .isEqualTo(3);

        progressReporter.reached(5);
        StepVerifier.create(storeProgress.reach(SOURCE, 7))
                .then(() -> storeProgress.read(SOURCE, -1, 8))
                .verifyComplete();
        assertThat(storeProgress.reached(SOURCE)).isEqualTo(7);
    }

    @Test
    void offsetsBeforeFirstRecordAreReached() {
        storeProgress.read(SOURCE, -1, 8);

        assertThat(storeProgress.reached(SOURCE)).isEqualTo(7);
    }

    @Test
    void readsBeforeFollowingAreIgnored() {
        storeProgress.read(SOURCE, 20, 21);
        StoreProgress.ProgressReporter next = storeProgress.follow(SOURCE);
        next.reached(3);
        storeProgress.read(SOURCE, -1, 8);

        assertThat(storeProgress.reached(SOURCE)).isEqualTo(7);
    }

    @Test
    void readsOfUnfollowedSourceAreIgnored() {
        progressReporter.ended();
        storeProgress.read(SOURCE, -1, 8);
        storeProgress.read(OTHER, -1, 8);

        assertThat(storeProgress.reached(SOURCE)).isEqualTo(-1);
        assertThat(storeProgress.reached(OTHER)).isEqualTo(-1);
    }

    @Test
    void everyWaiterCompletesInEveryInterleaving() {
        Mono<Void> waiters = Flux.fromStream(IntStream.range(0, 20_000).boxed())
                .flatMap(offset -> storeProgress.reach(SOURCE, offset).subscribeOn(Schedulers.parallel()), 1_000)
                .then();
        Mono<Void> follower = Flux.range(0, 20_000)
                .doOnNext(progressReporter::reached)
                .subscribeOn(Schedulers.boundedElastic())
                .then();

        StepVerifier.create(Mono.when(waiters, follower)).expectComplete().verify(Duration.ofSeconds(20));
    }
}
