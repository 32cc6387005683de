package chatql.kafka.tap;

import java.util.concurrent.atomic.LongAdder;

/** How many of the records that the tap reads anybody here took. */
final class DispatchCounters {
    private final LongAdder dispatched = new LongAdder();
    private final LongAdder skipped = new LongAdder();

    /** @param takers how many took the record */
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
