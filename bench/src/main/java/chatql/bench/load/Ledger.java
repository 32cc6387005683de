package chatql.bench.load;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The messages sent to each recipient, and those that each subscriber received. Belongs to the load generator's only
 * event loop.
 */
final class Ledger {
    private static final int DIGITS = 3;

    private final List<Recipient> recipients = new ArrayList<>();
    private Histogram delivering = new Histogram(DIGITS);
    private long delivered;
    private long twice;
    private long disordered;
    private long missing;

    /** A user, to whom messages are sent in the order of their numbers. */
    final class Recipient {
        private final String user;
        private final List<Ear> ears = new ArrayList<>();
        private final BitSet acknowledged = new BitSet();
        private int begin;
        private int next;

        private Recipient(String user) {
            this.user = user;
        }

        String user() {
            return user;
        }

        int say() {
            return next++;
        }

        Ear listen() {
            var ear = new Ear(this);
            ears.add(ear);
            return ear;
        }

        boolean isHeardByAll() {
            return ears.stream().allMatch(Ear::hasHeard);
        }

        boolean isHeardByAll(int sequence) {
            return ears.stream().allMatch(ear -> ear.hasHeard(sequence));
        }

        boolean isAcknowledged(int sequence) {
            return sequence < begin || acknowledged.get(sequence - begin);
        }

        void acknowledged(int sequence) {
            if (sequence >= begin) {
                acknowledged.set(sequence - begin);
                missing += ears.stream()
                        .filter(ear -> !ear.received.get(sequence - begin))
                        .count();
            }
        }

        private void beginAgain() {
            begin = next;
            acknowledged.clear();
            ears.forEach(ear -> ear.received.clear());
        }
    }

    /** A subscriber of a recipient's messages. */
    final class Ear {
        private final Recipient recipient;
        private final BitSet received = new BitSet();
        private long offset = -1;

        private Ear(Recipient recipient) {
            this.recipient = recipient;
        }

        Recipient recipient() {
            return recipient;
        }

        boolean hasHeard() {
            return offset >= 0;
        }

        boolean hasHeard(int sequence) {
            return sequence < recipient.begin || received.get(sequence - recipient.begin);
        }

        void hear(Delivery delivery, long now) {
            boolean again = delivery.sequence() >= recipient.begin && hasHeard(delivery.sequence());
            if (again) {
                twice++;
            } else if (delivery.offset() <= offset) {
                disordered++;
            }
            offset = Math.max(offset, delivery.offset());
            if (!again && delivery.sequence() >= recipient.begin) {
                count(delivery, now);
            }
        }

        private void count(Delivery delivery, long now) {
            int bit = delivery.sequence() - recipient.begin;
            received.set(bit);
            delivered++;
            missing -= recipient.acknowledged.get(bit) ? 1 : 0;
            delivering.recordValue(Math.max(0, (now - delivery.scheduled()) / 1_000));
        }
    }

    Recipient recipient(String user) {
        var recipient = new Recipient(user);
        recipients.add(recipient);
        return recipient;
    }

    List<Recipient> recipients() {
        return recipients;
    }

    /** Resets the counts; messages that are still on their way do not count. */
    void beginAgain() {
        recipients.forEach(Recipient::beginAgain);
        delivering = new Histogram(DIGITS);
        delivered = 0;
        twice = 0;
        disordered = 0;
        missing = 0;
    }

    /** The number of outstanding deliveries of acknowledged messages, per subscriber. */
    long missing() {
        return missing;
    }

    long delivered() {
        return delivered;
    }

    long twice() {
        return twice;
    }

    long disordered() {
        return disordered;
    }

    Histogram delivering() {
        return delivering;
    }
}
