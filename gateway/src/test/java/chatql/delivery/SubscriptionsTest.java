package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import chatql.history.HistoryUnavailable;
import chatql.message.Cursor;
import chatql.message.InvalidCursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class SubscriptionsTest {
    private static final UserId ANNA = new UserId("anna");
    private static final int PAGE = 2;
    private static final Duration HISTORY_TIMEOUT = Duration.ofSeconds(10);

    private final Turns threads = new Turns(new Random(1));
    private final MemoryLog log = new MemoryLog(1);
    private final MemoryTap tap = new MemoryTap(log, new BufferLimits(3, 1 << 20), threads);
    private final MemoryHistory history = new MemoryHistory(log, PAGE, threads);
    private final Subscriptions subscriptions =
            new Subscriptions(log, tap, history, HISTORY_TIMEOUT, new PageBuffer(1 << 20));
    private VirtualTimeScheduler time;

    @BeforeEach
    void startVirtualTime() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void resetVirtualTime() {
        VirtualTimeScheduler.reset();
    }

    // --- invariants

    @Test
    void subscribersGetMessagesOnceAndInOrderInEveryInterleaving() {
        long joins = 0;

        for (long seed = 0; seed < 300; seed++) {
            joins += roundOf(seed);
        }

        assertThat(joins).as("joins").isGreaterThan(20_000);
    }

    private long roundOf(long seed) {
        try {
            return new RandomRound(seed, time).run(600);
        } catch (AssertionError wrong) {
            throw new AssertionError("In the round of seed " + seed + ": " + wrong.getMessage(), wrong);
        }
    }

    // --- demand

    @Test
    void subscriberWithoutDemandFetchesAtMostOnePage() {
        append(20);
        history.follow(0, 20);

        Reader reader = read(new StartPosition.Earliest());

        assertThat(history.pages()).isLessThanOrEqualTo(1);
        assertThat(reader.contents()).isEmpty();
    }

    @Test
    void demandOfThreeIsMetFromHistoryWithAtMostOneExtraPage() {
        append(20);
        history.follow(0, 20);
        Reader reader = read(new StartPosition.Earliest());

        ask(reader, 3);

        assertThat(reader.contents()).containsExactly("0", "1", "2");
        assertThat(history.pages() * PAGE).isLessThanOrEqualTo(4 + PAGE);
    }

    @Test
    void demandOfTwoIsMetFromTap() {
        Reader reader = read(new StartPosition.Now());
        append(3);
        tap.read(0, 3);

        ask(reader, 2);

        assertThat(reader.contents()).containsExactly("0", "1");
    }

    @Test
    void subscriberWithoutDemandDelaysNoOther() {
        read(new StartPosition.Now());
        Reader quick = read(new StartPosition.Now());
        quick.request(100);

        for (int i = 0; i < 50; i++) {
            append(1);
            tap.read(0, 1);
            takeTurns();
        }

        assertThat(quick.contents()).hasSize(50);
        assertThat(history.pages()).as("pages that the fast subscriber caused").isZero();
    }

    // --- start positions

    @Test
    void subscriptionFromNowGetsLaterMessagesOnly() {
        append(3);
        Reader reader = read(new StartPosition.Now());
        Message next = log.say(ANNA, "next");

        tap.read(0, 10);
        ask(reader, 10);

        assertThat(reader.received()).containsExactly(next);
    }

    @Test
    void subscriptionFromLatestAnnouncesItsStartFirst() {
        append(3);
        Reader reader = read(new StartPosition.Latest());
        ask(reader, 1);
        assertThat(reader.start()).extracting(Cursor::offset).isEqualTo(2L);
        Message next = log.say(ANNA, "next");

        tap.read(0, 10);
        ask(reader, 10);

        assertThat(reader.received()).containsExactly(next);
    }

    @Test
    void announcedStartContinuesWithMissedMessages() {
        Reader reader = read(new StartPosition.Latest());
        ask(reader, 1);
        reader.cancel();
        append(3);
        tap.read(0, 3);
        history.follow(0, 3);

        Reader resumed = read(StartPosition.parse(reader.start().text()).orElseThrow());
        ask(resumed, 10);

        assertThat(resumed.contents()).containsExactly("0", "1", "2");
    }

    @Test
    void startIsAnnouncedOnceToLaggingSubscriber() {
        append(1);
        Reader reader = read(new StartPosition.Latest());
        append(10);
        tap.read(0, 10);
        history.follow(0, 11);

        ask(reader, 100);

        assertThat(reader.failure()).isNull();
        assertThat(reader.start()).extracting(Cursor::offset).isEqualTo(0L);
        assertThat(reader.contents()).hasSize(10);
    }

    @Test
    void earliestStartsAtOldestKeptMessage() {
        append(5);
        log.truncate(0, 3);
        history.follow(0, 5);
        Reader reader = read(new StartPosition.Earliest());

        ask(reader, 10);

        assertThat(reader.contents()).containsExactly("3", "4");
    }

    @Test
    void cursorOfAnotherEpochIsInvalid() {
        append(5);

        assertThat(refusal(new Cursor(MemoryLog.EPOCH + 1, 1_000_000, 0, 2))).isEqualTo(InvalidCursor.Reason.INVALID);
    }

    @Test
    void cursorOfAnotherPartitionIsInvalid() {
        append(5);

        assertThat(refusal(new Cursor(MemoryLog.EPOCH, 1_000_000, 1, 2))).isEqualTo(InvalidCursor.Reason.INVALID);
    }

    @Test
    void cursorBeyondEndIsInvalid() {
        append(5);

        assertThat(refusal(new Cursor(MemoryLog.EPOCH, 1_000_000, 0, 5))).isEqualTo(InvalidCursor.Reason.INVALID);
    }

    @Test
    void cursorIsExpiredWhenNextMessageIsDeleted() {
        append(5);
        log.truncate(0, 3);

        assertThat(refusal(log.at(0, 1).cursor())).isEqualTo(InvalidCursor.Reason.EXPIRED);
    }

    @Test
    void cursorStaysValidWhenOnlyItsOwnMessageIsDeleted() {
        append(5);
        log.truncate(0, 3);
        history.follow(0, 5);
        Reader reader = read(new StartPosition.After(log.at(0, 2).cursor()));

        ask(reader, 10);

        assertThat(reader.contents()).containsExactly("3", "4");
    }

    @Test
    void cursorAheadOfTapGetsNoEarlierMessages() {
        read(new StartPosition.Now());
        append(3);
        Reader ahead = read(new StartPosition.After(log.at(0, 1).cursor()));

        tap.read(0, 3);
        ask(ahead, 10);

        assertThat(ahead.contents()).containsExactly("2");
    }

    @Test
    void tapResetBehindCursorRepeatsNothing() {
        read(new StartPosition.Now());
        append(3);
        Reader ahead = read(new StartPosition.After(log.at(0, 1).cursor()));

        tap.lose(0);
        history.follow(0, 3);
        ask(ahead, 10);

        assertThat(ahead.contents()).containsExactly("2");
    }

    // --- lag

    @Test
    void overflowBeforeFirstMessageLosesNothing() {
        append(5);
        history.follow(0, 5);
        Reader reader = read(new StartPosition.Now());
        append(10);
        tap.read(0, 10);
        history.follow(0, 15);

        ask(reader, 100);

        assertThat(reader.contents()).containsExactly("5", "6", "7", "8", "9", "10", "11", "12", "13", "14");
    }

    @Test
    void caughtUpSubscriberReturnsToTap() {
        Reader reader = read(new StartPosition.Now());
        append(10);
        tap.read(0, 10);
        history.follow(0, 10);
        ask(reader, 100);
        int pages = history.pages();

        append(1);
        tap.read(0, 1);
        takeTurns();

        assertThat(reader.contents()).hasSize(11).endsWith("10");
        assertThat(history.pages()).isEqualTo(pages);
    }

    @Test
    void observerSeesSubscriberLagAndRecover() {
        var events = new ArrayList<String>();
        var reader = new Reader(ANNA);
        subscriptions
                .events(ANNA, new StartPosition.Now(), new RecordingObserver(events, reader))
                .subscribe(reader);
        takeTurns();
        append(10);
        tap.read(0, 10);
        history.follow(0, 10);
        ask(reader, 100);
        append(1);
        tap.read(0, 1);
        takeTurns();

        reader.cancel();

        assertThat(events).containsExactly("live at 0", "lagged at 0", "live at 10", "ended at 11");
    }

    private static final class RecordingObserver extends MessageEvents {
        private final List<String> events;
        private final Reader reader;

        RecordingObserver(List<String> events, Reader reader) {
            this.events = events;
            this.reader = reader;
        }

        @Override
        public void live() {
            note("live");
        }

        @Override
        public void lagged() {
            note("lagged");
        }

        @Override
        public void ended() {
            note("ended");
        }

        private void note(String event) {
            events.add(event + " at " + reader.contents().size());
        }
    }

    // --- unavailable history

    @Test
    void historyOutageFailsSubscriptionAfterTimeout() {
        append(5);
        history.follow(0, 5);
        history.away(true);
        Reader reader = read(new StartPosition.Earliest());
        reader.request(10);

        time.advanceTimeBy(HISTORY_TIMEOUT.minusMillis(1));
        assertThat(reader.failure()).isNull();

        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(reader.failure()).isInstanceOf(HistoryUnavailable.class);
        assertThat(tap.listening()).isZero();
    }

    @Test
    void historyOutageShorterThanTimeoutIsTransparent() {
        append(5);
        history.follow(0, 5);
        history.away(true);
        Reader reader = read(new StartPosition.Earliest());
        reader.request(10);
        time.advanceTimeBy(HISTORY_TIMEOUT.dividedBy(2));

        history.away(false);
        time.advanceTimeBy(Duration.ofSeconds(3));
        takeTurns();

        assertThat(reader.contents()).containsExactly("0", "1", "2", "3", "4");
    }

    // --- cancellation

    @Test
    void cancelledSubscriberReleasesEverything() {
        append(5);
        history.follow(0, 5);
        Reader beforeHistory = read(new StartPosition.Earliest());
        Reader amidHistory = read(new StartPosition.Earliest());
        ask(amidHistory, 1);
        Reader live = read(new StartPosition.Now());
        ask(live, 1);
        assertThat(tap.interested()).isEqualTo(3);

        beforeHistory.cancel();
        amidHistory.cancel();
        live.cancel();

        assertThat(tap.interested()).isZero();
        assertThat(tap.listening()).isZero();
    }

    // --- helpers

    private void append(int messages) {
        for (int i = 0; i < messages; i++) {
            log.say(ANNA, Long.toString(log.end(0)));
        }
    }

    private Reader read(StartPosition startPosition) {
        var reader = new Reader(ANNA);
        subscriptions.events(ANNA, startPosition, new MessageEvents()).subscribe(reader);
        takeTurns();
        return reader;
    }

    private void ask(Reader reader, int messages) {
        reader.request(messages);
        takeTurns();
    }

    private void takeTurns() {
        threads.takeAll();
    }

    private InvalidCursor.Reason refusal(Cursor cursor) {
        Throwable failure = read(new StartPosition.After(cursor)).failure();
        return assertThat(failure)
                .asInstanceOf(type(InvalidCursor.class))
                .actual()
                .reason();
    }
}
