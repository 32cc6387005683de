package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class SubscriberRegistryTest {
    private static final UserId ANNA = new UserId("anna");
    private static final UserId BEN = new UserId("ben");

    private final SubscriberRegistry subscriberRegistry =
            new SubscriberRegistry(new BufferLimits(2, 1 << 20), Schedulers.immediate());
    private final AtomicInteger decoded = new AtomicInteger();

    @Test
    void recordIsDecodedOnceForAllSubscribers() {
        subscriberRegistry.add(subscriberRegistry.localSubscriber(ANNA));
        subscriberRegistry.add(subscriberRegistry.localSubscriber(ANNA));

        assertThat(dispatch(0, ANNA)).isEqualTo(2);
        assertThat(decoded).hasValue(1);
    }

    @Test
    void recordWithoutSubscriberIsNotDecoded() {
        subscriberRegistry.add(subscriberRegistry.localSubscriber(ANNA));

        assertThat(dispatch(0, BEN)).isZero();
        assertThat(decoded).hasValue(0);
    }

    @Test
    void recordIsNeverDispatchedTwice() {
        LocalSubscriber localSubscriber = subscriberRegistry.localSubscriber(ANNA);
        subscriberRegistry.add(localSubscriber);
        dispatch(5, ANNA);

        assertThat(dispatch(5, ANNA)).isZero();
        assertThat(dispatch(4, ANNA)).isZero();
        assertThat(subscriberRegistry.next()).isEqualTo(6);
    }

    @Test
    void invalidRecordIsSkipped() {
        subscriberRegistry.add(subscriberRegistry.localSubscriber(ANNA));

        assertThat(subscriberRegistry.dispatch(0, ANNA.value(), LiveRecord.Ignored::new))
                .isZero();
        assertThat(subscriberRegistry.next()).isEqualTo(1);
    }

    @Test
    void possibleDuplicateSendsItsSubscribersToHistory() {
        LocalSubscriber anna = subscriberRegistry.localSubscriber(ANNA);
        LocalSubscriber ben = subscriberRegistry.localSubscriber(BEN);
        subscriberRegistry.add(anna);
        subscriberRegistry.add(ben);

        subscriberRegistry.dispatch(0, ANNA.value(), () -> new LiveRecord.PossibleDuplicate(message(0, ANNA)));

        StepVerifier.create(anna.messages())
                .verifyErrorSatisfies(behind -> assertThat(((SubscriberLagged) behind).position())
                        .isEqualTo(message(0, ANNA).before()));
        assertThat(subscriberRegistry.size()).isEqualTo(1);
    }

    @Test
    void addedSubscriberGetsAllFromReturnedOffset() {
        subscriberRegistry.from(7);
        LocalSubscriber localSubscriber = subscriberRegistry.localSubscriber(ANNA);

        assertThat(subscriberRegistry.add(localSubscriber)).isEqualTo(7);
        dispatch(6, ANNA);
        dispatch(7, ANNA);

        StepVerifier.create(localSubscriber.messages())
                .expectNext(message(7, ANNA))
                .thenCancel()
                .verify();
    }

    @Test
    void slowSubscriberFallsBackToHistoryAndIsRemoved() {
        LocalSubscriber slow = subscriberRegistry.localSubscriber(ANNA);
        subscriberRegistry.add(slow);

        dispatch(0, ANNA);
        dispatch(1, ANNA);
        dispatch(2, ANNA);

        assertThat(subscriberRegistry.size()).isZero();
        StepVerifier.create(slow.messages())
                .verifyErrorSatisfies(failure -> assertThat(
                                ((SubscriberLagged) failure).position().offset())
                        .isEqualTo(-1));
    }

    @Test
    void subscriberRemovedBeforeAddIsNeverAdded() {
        LocalSubscriber localSubscriber = subscriberRegistry.localSubscriber(ANNA);
        subscriberRegistry.remove(localSubscriber);

        subscriberRegistry.add(localSubscriber);

        assertThat(subscriberRegistry.size()).isZero();
    }

    @Test
    void resetSendsSubscribersToHistoryAfterBufferedMessages() {
        LocalSubscriber localSubscriber = subscriberRegistry.localSubscriber(ANNA);
        subscriberRegistry.add(localSubscriber);
        dispatch(0, ANNA);

        subscriberRegistry.reset(new Cursor(1, 0, 0, 0));

        assertThat(subscriberRegistry.size()).isZero();
        assertThat(subscriberRegistry.next()).isZero();
        StepVerifier.create(localSubscriber.messages())
                .expectNext(message(0, ANNA))
                .verifyError(SubscriberLagged.class);
    }

    @Test
    void deliveryRunsOnSubscribersScheduler() {
        List<Runnable> steps = new ArrayList<>();
        List<Message> taken = new ArrayList<>();
        LocalSubscriber localSubscriber = subscriberRegistry.localSubscriber(ANNA);
        subscriberRegistry.add(localSubscriber);
        localSubscriber
                .messages()
                .contextWrite(context -> DeliveryScheduler.on(steps::add, context))
                .subscribe(taken::add);

        dispatch(0, ANNA);
        assertThat(taken).isEmpty();
        List.copyOf(steps).forEach(Runnable::run);

        assertThat(taken).containsExactly(message(0, ANNA));
    }

    private int dispatch(long offset, UserId user) {
        return subscriberRegistry.dispatch(offset, user.value(), () -> {
            decoded.incrementAndGet();
            return new LiveRecord.NewMessage(message(offset, user));
        });
    }

    private static Message message(long offset, UserId user) {
        return new Message(new Cursor(0x1000, 1_000, 0, offset), new UserId("sender"), user, "hello");
    }
}
