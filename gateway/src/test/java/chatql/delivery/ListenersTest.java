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

class ListenersTest {
    private static final UserId ANNA = new UserId("anna");
    private static final UserId BEN = new UserId("ben");

    private final Listeners listeners = new Listeners(new Bounds(2, 1 << 20), Schedulers.immediate());
    private final AtomicInteger decoded = new AtomicInteger();

    @Test
    void aRecordIsDecodedOnceHoweverManyListen() {
        listeners.add(listeners.listener(ANNA));
        listeners.add(listeners.listener(ANNA));

        assertThat(dispatch(0, ANNA)).isEqualTo(2);
        assertThat(decoded).hasValue(1);
    }

    @Test
    void aRecordThatNobodyHereWantsIsNotDecoded() {
        listeners.add(listeners.listener(ANNA));

        assertThat(dispatch(0, BEN)).isZero();
        assertThat(decoded).hasValue(0);
    }

    @Test
    void aRecordThatWasDispatchedBeforeIsNotDispatchedAgain() {
        Listener listener = listeners.listener(ANNA);
        listeners.add(listener);
        dispatch(5, ANNA);

        assertThat(dispatch(5, ANNA)).isZero();
        assertThat(dispatch(4, ANNA)).isZero();
        assertThat(listeners.next()).isEqualTo(6);
    }

    @Test
    void aRecordThatIsNoMessageGoesToNobodyAndIsPassed() {
        listeners.add(listeners.listener(ANNA));

        assertThat(listeners.dispatch(0, ANNA.value(), Arrival.Nothing::new)).isZero();
        assertThat(listeners.next()).isEqualTo(1);
    }

    @Test
    void aMessageThatMayBeARepeatSendsThoseWhoListenToItToHistory() {
        Listener anna = listeners.listener(ANNA);
        Listener ben = listeners.listener(BEN);
        listeners.add(anna);
        listeners.add(ben);

        listeners.dispatch(0, ANNA.value(), () -> new Arrival.Doubtful(message(0, ANNA)));

        StepVerifier.create(anna.messages())
                .verifyErrorSatisfies(behind -> assertThat(((Behind) behind).position())
                        .isEqualTo(message(0, ANNA).before()));
        assertThat(listeners.size()).isEqualTo(1);
    }

    @Test
    void whoeverIsAddedGetsAllFromTheOffsetThatItIsTold() {
        listeners.from(7);
        Listener listener = listeners.listener(ANNA);

        assertThat(listeners.add(listener)).isEqualTo(7);
        dispatch(6, ANNA);
        dispatch(7, ANNA);

        StepVerifier.create(listener.messages())
                .expectNext(message(7, ANNA))
                .thenCancel()
                .verify();
    }

    @Test
    void whoeverTakesTooLongIsSentToHistoryAndNoLongerListens() {
        Listener slow = listeners.listener(ANNA);
        listeners.add(slow);

        dispatch(0, ANNA);
        dispatch(1, ANNA);
        dispatch(2, ANNA);

        assertThat(listeners.size()).isZero();
        StepVerifier.create(slow.messages())
                .verifyErrorSatisfies(failure ->
                        assertThat(((Behind) failure).position().offset()).isEqualTo(-1));
    }

    @Test
    void whoeverStoppedBeforeItWasAddedNeverListens() {
        Listener listener = listeners.listener(ANNA);
        listeners.remove(listener);

        listeners.add(listener);

        assertThat(listeners.size()).isZero();
    }

    @Test
    void afterALostPlaceEverybodyIsSentToHistoryWithWhatTheyHaveAlready() {
        Listener listener = listeners.listener(ANNA);
        listeners.add(listener);
        dispatch(0, ANNA);

        listeners.reset(new Cursor(1, 0, 0, 0));

        assertThat(listeners.size()).isZero();
        assertThat(listeners.next()).isZero();
        StepVerifier.create(listener.messages()).expectNext(message(0, ANNA)).verifyError(Behind.class);
    }

    @Test
    void whoeverSaysWhereTakesTheirMessagesThere() {
        List<Runnable> steps = new ArrayList<>();
        List<Message> taken = new ArrayList<>();
        Listener listener = listeners.listener(ANNA);
        listeners.add(listener);
        listener.messages()
                .contextWrite(context -> Handover.on(steps::add, context))
                .subscribe(taken::add);

        dispatch(0, ANNA);
        assertThat(taken).isEmpty();
        List.copyOf(steps).forEach(Runnable::run);

        assertThat(taken).containsExactly(message(0, ANNA));
    }

    private int dispatch(long offset, UserId user) {
        return listeners.dispatch(offset, user.value(), () -> {
            decoded.incrementAndGet();
            return new Arrival.Said(message(offset, user));
        });
    }

    private static Message message(long offset, UserId user) {
        return new Message(new Cursor(1, 1_000, 0, offset), new UserId("sender"), user, "said");
    }
}
