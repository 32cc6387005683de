package chatql.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();
    private final Ledger.Recipient recipient = ledger.recipient("bob");
    private final Ledger.Ear ear = recipient.listen();
    private final Ledger.Ear other = recipient.listen();

    @Test
    void acknowledgedMessageNotDeliveredToAllIsMissing() {
        int first = recipient.say();
        recipient.acknowledged(first);
        ear.hear(new Delivery(first, 0, 10), 1_000);

        assertThat(ledger.missing()).isEqualTo(1);
        assertThat(ledger.delivered()).isEqualTo(1);
    }

    @Test
    void messageDeliveredBeforeAcknowledgementIsNotMissing() {
        int first = recipient.say();
        ear.hear(new Delivery(first, 0, 10), 1_000);
        other.hear(new Delivery(first, 0, 10), 1_000);
        recipient.acknowledged(first);

        assertThat(ledger.missing()).isZero();
    }

    @Test
    void unacknowledgedMessageIsNotMissing() {
        recipient.say();

        assertThat(ledger.missing()).isZero();
    }

    @Test
    void repeatedDeliveryIsCountedAsDuplicate() {
        int first = recipient.say();
        ear.hear(new Delivery(first, 0, 10), 1_000);
        ear.hear(new Delivery(first, 0, 10), 1_000);

        assertThat(ledger.twice()).isEqualTo(1);
        assertThat(ledger.delivered()).isEqualTo(1);
    }

    @Test
    void deliveryAfterLaterOffsetIsOutOfOrder() {
        int first = recipient.say();
        int second = recipient.say();
        ear.hear(new Delivery(second, 0, 11), 1_000);
        ear.hear(new Delivery(first, 0, 10), 1_000);

        assertThat(ledger.disordered()).isEqualTo(1);
    }

    @Test
    void latencyIsMeasuredFromScheduledTimeInMicroseconds() {
        ear.hear(new Delivery(recipient.say(), 5_000, 10), 2_005_000);

        assertThat(ledger.delivering().getMaxValue()).isEqualTo(2_000);
    }

    @Test
    void messagesInFlightAtRestartAreNotCounted() {
        int first = recipient.say();
        ledger.beginAgain();
        ear.hear(new Delivery(first, 0, 10), 1_000);
        recipient.acknowledged(first);

        assertThat(ledger.delivered()).isZero();
        assertThat(ledger.missing()).isZero();
        assertThat(ear.hasHeard()).isTrue();
    }
}
