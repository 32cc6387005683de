package chatql.kafka.tap;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.delivery.Behind;
import chatql.delivery.Bounds;
import chatql.delivery.Listeners;
import chatql.delivery.Live;
import chatql.message.Cursor;
import chatql.message.LogUnavailable;
import chatql.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class LaneTest {
    private static final Duration LINGER = Duration.ofSeconds(30);
    private static final UserId ANNA = new UserId("anna");

    private final TestValve valve = new TestValve();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Listeners listeners = new Listeners(Bounds.DEFAULT, Schedulers.immediate());
    private final Lane lane = new Lane(0, valve, LINGER, time, listeners);

    @Test
    void aPartitionInWhichNobodyListensIsClosed() {
        assertThat(lane.isOpen()).isFalse();
        assertThat(valve.opened).isZero();
    }

    @Test
    void itIsOpenedOnceForAllWhoComeMeanwhile() {
        List<Long> begins = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            lane.listen(ANNA).from().subscribe(begins::add);
        }

        valve.opensAt(7);

        assertThat(valve.opened).isEqualTo(1);
        assertThat(begins).hasSize(100).containsOnly(7L);
        assertThat(listeners.size()).isEqualTo(100);
    }

    @Test
    void whoeverComesLaterBeginsWithWhatIsReadNext() {
        lane.listen(ANNA).from().subscribe();
        valve.opensAt(7);
        listeners.dispatch(7, "somebody", () -> null);

        StepVerifier.create(lane.listen(ANNA).from()).expectNext(8L).verifyComplete();

        assertThat(valve.opened).isEqualTo(1);
    }

    @Test
    void itIsClosedSomeTimeAfterTheLastHasLeft() {
        Live live = listenTo(lane);

        live.stop();
        time.advanceTimeBy(LINGER.minusMillis(1));
        assertThat(lane.isOpen()).isTrue();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(lane.isOpen()).isFalse();
        assertThat(valve.closed).isEqualTo(1);
    }

    @Test
    void itStaysOpenWhileAnotherListens() {
        Live leaving = listenTo(lane);
        listenTo(lane);

        leaving.stop();
        time.advanceTimeBy(LINGER.multipliedBy(2));

        assertThat(lane.isOpen()).isTrue();
    }

    @Test
    void aVisitMeanwhileBeginsTheWaitAnew() {
        listenTo(lane).stop();
        time.advanceTimeBy(LINGER.minusMillis(1));
        lane.listen(ANNA).stop();

        time.advanceTimeBy(LINGER.minusMillis(1));
        assertThat(lane.isOpen()).isTrue();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(lane.isOpen()).isFalse();
    }

    @Test
    void itIsNotClosedUnderOneWhoIsAboutToListen() {
        listenTo(lane).stop();
        lane.listen(ANNA);

        time.advanceTimeBy(LINGER.multipliedBy(2));

        assertThat(lane.isOpen()).isTrue();
    }

    @Test
    void onceClosedItIsOpenedAgainForTheNext() {
        listenTo(lane).stop();
        time.advanceTimeBy(LINGER);

        lane.listen(ANNA).from().subscribe();
        valve.opensAt(20);

        assertThat(valve.opened).isEqualTo(2);
        assertThat(lane.isOpen()).isTrue();
        assertThat(listeners.next()).isEqualTo(20);
    }

    @Test
    void whoeverLeavesWhileItOpensNeverListensAndItIsClosedAfterwards() {
        Live live = lane.listen(ANNA);
        live.from().subscribe();

        live.stop();
        valve.opensAt(7);
        assertThat(listeners.size()).isZero();
        time.advanceTimeBy(LINGER);

        assertThat(lane.isOpen()).isFalse();
        assertThat(valve.closed).isEqualTo(1);
    }

    @Test
    void whoeverGivesUpWhileItOpensTakesNothingFromTheOthers() {
        Live leaving = lane.listen(ANNA);
        var opening = leaving.from().subscribe();
        var begin = new AtomicReference<@Nullable Long>();
        lane.listen(ANNA).from().subscribe(begin::set);

        opening.dispose();
        leaving.stop();
        valve.opensAt(7);

        assertThat(begin).hasValue(7L);
        assertThat(listeners.size()).isEqualTo(1);
    }

    @Test
    void aPartitionThatCannotBeOpenedIsAnErrorForAllAndTheNextTriesAgain() {
        List<Throwable> failures = new ArrayList<>();
        lane.listen(ANNA).from().subscribe(begin -> {}, failures::add);
        lane.listen(ANNA).from().subscribe(begin -> {}, failures::add);

        valve.fails();
        assertThat(failures).hasSize(2).hasOnlyElementsOfType(LogUnavailable.class);
        assertThat(lane.isOpen()).isFalse();

        lane.listen(ANNA).from().subscribe();
        valve.opensAt(7);
        assertThat(valve.opened).isEqualTo(2);
        assertThat(lane.isOpen()).isTrue();
    }

    @Test
    void afterALostPlaceAllAreSentToHistoryAndTheNextOpensItAgain() {
        Live live = listenTo(lane);

        lane.lose(new Cursor(1, 0, 0, 6));

        StepVerifier.create(live.messages()).verifyError(Behind.class);
        assertThat(lane.isOpen()).isFalse();
        lane.listen(ANNA).from().subscribe();
        assertThat(valve.opened).isEqualTo(2);
    }

    @Test
    void aPlaceLostJustAsItIsOpenedLeavesNobodyListeningWhereNobodyReads() {
        Live first = lane.listen(ANNA);
        Live second = lane.listen(ANNA);
        first.from().subscribe(begin -> lane.lose(new Cursor(1, 0, 0, begin - 1)));
        second.from().subscribe();

        valve.opensAt(7);

        assertThat(listeners.size()).as("listening in a closed partition").isZero();
        assertThat(valve.opened).as("opened, the second time for the second").isEqualTo(2);
        valve.opensAt(9);
        assertThat(listeners.size()).isEqualTo(1);
        assertThat(lane.isOpen()).isTrue();
    }

    @Test
    void ofTenThousandComingsAndGoingsNothingIsLeft() {
        for (int i = 0; i < 10_000; i++) {
            Live live = lane.listen(new UserId("user" + i % 100));
            var opening = live.from().subscribe();
            if (i % 3 == 0) {
                valve.opensAt(i);
            }
            if (i % 7 == 0) {
                opening.dispose();
            }
            live.stop();
            live.stop();
        }
        valve.opensAt(10_000);
        time.advanceTimeBy(LINGER);

        assertThat(listeners.size()).isZero();
        assertThat(lane.isOpen()).isFalse();
        assertThat(valve.closed).as("closed as often as opened").isPositive().isEqualTo(valve.opened);
    }

    private Live listenTo(Lane lane) {
        Live live = lane.listen(ANNA);
        live.from().subscribe();
        valve.opensAt(0);
        return live;
    }

    /** Opens when the test says so. */
    private static final class TestValve implements Lane.Valve {
        private Sinks.One<Long> opening = Sinks.one();
        private int opened;
        private int closed;

        @Override
        public Mono<Long> open(int partition) {
            return Mono.defer(() -> {
                opened++;
                opening = Sinks.one();
                return opening.asMono();
            });
        }

        @Override
        public void close(int partition) {
            closed++;
        }

        void opensAt(long offset) {
            opening.tryEmitValue(offset);
        }

        void fails() {
            opening.tryEmitError(new LogUnavailable("The log is not available now", null));
        }
    }
}
