package chatql.kafka.client;

import java.util.concurrent.atomic.AtomicLong;

/** How often the producer has got news of the topics: between two of them, a name means the same topic all the while. */
public final class MetadataUpdates {
    /** Where the producer's parts find it in their settings. */
    static final String SETTING = "chatql.metadata.updates";

    private final AtomicLong count = new AtomicLong();

    void increment() {
        count.incrementAndGet();
    }

    public long count() {
        return count.get();
    }
}
