package chatql.kafka.streams;

import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the entries of stores that were restored from Kafka because they were not on disk. */
public final class RestoreCounter implements StateRestoreListener {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreCounter.class);

    private final LongAdder entries = new LongAdder();

    /** The number since the pod's start. */
    public long entries() {
        return entries.sum();
    }

    @Override
    public void onRestoreStart(TopicPartition changelog, String store, long from, long end) {}

    @Override
    public void onBatchRestored(TopicPartition changelog, String store, long end, long count) {
        entries.add(count);
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String store, long total) {
        if (total > 0) {
            LOG.info("Restored {} entries of {} from {}", total, store, changelog);
        }
    }
}
