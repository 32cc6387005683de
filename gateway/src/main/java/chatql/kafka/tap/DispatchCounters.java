package chatql.kafka.tap;

import java.util.concurrent.atomic.LongAdder;

/** Counts the records that the tap read, by whether a subscriber on this pod took them. */
final class DispatchCounters {
    private final LongAdder dispatched = new LongAdder();
    private final LongAdder skipped = new LongAdder();

    /** @param takers how many subscribers took the record */
    void count(int takers) {
        (takers == 0 ? skipped : dispatched).increment();
    }

    long dispatched() {
        return dispatched.sum();
    }

    long skipped() {
        return skipped.sum();
    }
}
