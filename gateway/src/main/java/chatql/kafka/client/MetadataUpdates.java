package chatql.kafka.client;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the producer's metadata updates. Between two of them, a name refers to the same topic all the time. */
public final class MetadataUpdates {
    /** The setting through which the producer's components share this counter. */
    static final String SETTING = "chatql.metadata.updates";

    private final AtomicLong count = new AtomicLong();

    void increment() {
        count.incrementAndGet();
    }

    public long count() {
        return count.get();
    }
}
