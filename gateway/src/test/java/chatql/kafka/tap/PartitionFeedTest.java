package chatql.kafka.tap;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.delivery.BufferLimits;
import chatql.delivery.LiveSubscription;
import chatql.delivery.SubscriberLagged;
import chatql.delivery.SubscriberRegistry;
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

class PartitionFeedTest {
    private static final Duration LINGER = Duration.ofSeconds(30);
    private static final UserId ANNA = new UserId("anna");

    private final TestControl control = new TestControl();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SubscriberRegistry subscriberRegistry =
            new SubscriberRegistry(BufferLimits.DEFAULT, Schedulers.immediate());
    private final PartitionFeed partitionFeed = new PartitionFeed(0, control, LINGER, time, subscriberRegistry);

    @Test
    void partitionWithoutSubscribersIsClosed() {
        assertThat(partitionFeed.isOpen()).isFalse();
        assertThat(control.opened).isZero();
    }

    @Test
    void partitionIsOpenedOnceForConcurrentSubscribers() {
        List<Long> begins = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            partitionFeed.subscribe(ANNA).from().subscribe(begins::add);
        }

        control.opensAt(7);

        assertThat(control.opened).isEqualTo(1);
        assertThat(begins).hasSize(100).containsOnly(7L);
        assertThat(subscriberRegistry.size()).isEqualTo(100);
    }

    @Test
    void laterSubscriberStartsAtNextOffset() {
        partitionFeed.subscribe(ANNA).from().subscribe();
        control.opensAt(7);
        subscriberRegistry.dispatch(7, "reader", () -> null);

        StepVerifier.create(partitionFeed.subscribe(ANNA).from()).expectNext(8L).verifyComplete();

        assertThat(control.opened).isEqualTo(1);
    }

    @Test
    void partitionClosesDelayAfterLastSubscriber() {
        LiveSubscription liveSubscription = subscribe(partitionFeed);

        liveSubscription.stop();
        time.advanceTimeBy(LINGER.minusMillis(1));
        assertThat(partitionFeed.isOpen()).isTrue();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(partitionFeed.isOpen()).isFalse();
        assertThat(control.closed).isEqualTo(1);
    }

    @Test
    void partitionStaysOpenWhileAnotherSubscriberRemains() {
        LiveSubscription first = subscribe(partitionFeed);
        subscribe(partitionFeed);

        first.stop();
        time.advanceTimeBy(LINGER.multipliedBy(2));

        assertThat(partitionFeed.isOpen()).isTrue();
    }

    @Test
    void newSubscriptionRestartsCloseDelay() {
        subscribe(partitionFeed).stop();
        time.advanceTimeBy(LINGER.minusMillis(1));
        partitionFeed.subscribe(ANNA).stop();

        time.advanceTimeBy(LINGER.minusMillis(1));
        assertThat(partitionFeed.isOpen()).isTrue();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(partitionFeed.isOpen()).isFalse();
    }

    @Test
    void partitionStaysOpenForSubscriberAboutToStart() {
        subscribe(partitionFeed).stop();
        partitionFeed.subscribe(ANNA);

        time.advanceTimeBy(LINGER.multipliedBy(2));

        assertThat(partitionFeed.isOpen()).isTrue();
    }

    @Test
    void closedPartitionIsReopenedForNextSubscriber() {
        subscribe(partitionFeed).stop();
        time.advanceTimeBy(LINGER);

        partitionFeed.subscribe(ANNA).from().subscribe();
        control.opensAt(20);

        assertThat(control.opened).isEqualTo(2);
        assertThat(partitionFeed.isOpen()).isTrue();
        assertThat(subscriberRegistry.next()).isEqualTo(20);
    }

    @Test
    void subscriberCancelledDuringOpeningIsNeverAdded() {
        LiveSubscription liveSubscription = partitionFeed.subscribe(ANNA);
        liveSubscription.from().subscribe();

        liveSubscription.stop();
        control.opensAt(7);
        assertThat(subscriberRegistry.size()).isZero();
        time.advanceTimeBy(LINGER);

        assertThat(partitionFeed.isOpen()).isFalse();
        assertThat(control.closed).isEqualTo(1);
    }

    @Test
    void cancellationDuringOpeningDoesNotAffectOthers() {
        LiveSubscription first = partitionFeed.subscribe(ANNA);
        var opening = first.from().subscribe();
        var begin = new AtomicReference<@Nullable Long>();
        partitionFeed.subscribe(ANNA).from().subscribe(begin::set);

        opening.dispose();
        first.stop();
        control.opensAt(7);

        assertThat(begin).hasValue(7L);
        assertThat(subscriberRegistry.size()).isEqualTo(1);
    }

    @Test
    void openingFailureReachesAllAndNextSubscriberRetries() {
        List<Throwable> failures = new ArrayList<>();
        partitionFeed.subscribe(ANNA).from().subscribe(begin -> {}, failures::add);
        partitionFeed.subscribe(ANNA).from().subscribe(begin -> {}, failures::add);

        control.fails();
        assertThat(failures).hasSize(2).hasOnlyElementsOfType(LogUnavailable.class);
        assertThat(partitionFeed.isOpen()).isFalse();

        partitionFeed.subscribe(ANNA).from().subscribe();
        control.opensAt(7);
        assertThat(control.opened).isEqualTo(2);
        assertThat(partitionFeed.isOpen()).isTrue();
    }

    @Test
    void offsetOutOfRangeSendsAllToHistoryAndNextReopens() {
        LiveSubscription liveSubscription = subscribe(partitionFeed);

        partitionFeed.onOffsetOutOfRange(new Cursor(1, 0, 0, 6));

        StepVerifier.create(liveSubscription.messages()).verifyError(SubscriberLagged.class);
        assertThat(partitionFeed.isOpen()).isFalse();
        partitionFeed.subscribe(ANNA).from().subscribe();
        assertThat(control.opened).isEqualTo(2);
    }

    @Test
    void offsetOutOfRangeDuringOpeningStrandsNoSubscriber() {
        LiveSubscription first = partitionFeed.subscribe(ANNA);
        LiveSubscription second = partitionFeed.subscribe(ANNA);
        first.from().subscribe(begin -> partitionFeed.onOffsetOutOfRange(new Cursor(1, 0, 0, begin - 1)));
        second.from().subscribe();

        control.opensAt(7);

        assertThat(subscriberRegistry.size())
                .as("subscribers of a closed partition")
                .isZero();
        assertThat(control.opened)
                .as("openings, the second one for the second subscriber")
                .isEqualTo(2);
        control.opensAt(9);
        assertThat(subscriberRegistry.size()).isEqualTo(1);
        assertThat(partitionFeed.isOpen()).isTrue();
    }

    @Test
    void tenThousandSubscriptionsLeakNothing() {
        for (int i = 0; i < 10_000; i++) {
            LiveSubscription liveSubscription = partitionFeed.subscribe(new UserId("user" + i % 100));
            var opening = liveSubscription.from().subscribe();
            if (i % 3 == 0) {
                control.opensAt(i);
            }
            if (i % 7 == 0) {
                opening.dispose();
            }
            liveSubscription.stop();
            liveSubscription.stop();
        }
        control.opensAt(10_000);
        time.advanceTimeBy(LINGER);

        assertThat(subscriberRegistry.size()).isZero();
        assertThat(partitionFeed.isOpen()).isFalse();
        assertThat(control.closed).as("closed as often as opened").isPositive().isEqualTo(control.opened);
    }

    private LiveSubscription subscribe(PartitionFeed partitionFeed) {
        LiveSubscription liveSubscription = partitionFeed.subscribe(ANNA);
        liveSubscription.from().subscribe();
        control.opensAt(0);
        return liveSubscription;
    }

    /** Opens when the test says so. */
    private static final class TestControl implements PartitionFeed.PartitionControl {
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
