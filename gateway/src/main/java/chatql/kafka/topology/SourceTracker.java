package chatql.kafka.topology;

import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.store.Source;
import chatql.kafka.store.SourceCheckpoint;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps the mark of one source in a store, and reports it. */
final class SourceTracker {
    private final KeyValueStore<Bytes, byte[]> store;
    private final int number;
    private final StoreProgress.ProgressReporter progressReporter;
    private final long writer = ThreadLocalRandom.current().nextLong();
    private SourceCheckpoint sourceCheckpoint;
    private boolean written;

    SourceTracker(KeyValueStore<Bytes, byte[]> store, StoreProgress storeProgress, Source source) {
        this.store = store;
        this.number = source.number();
        this.progressReporter = storeProgress.follow(source);
        this.sourceCheckpoint = SourceCheckpoint.read(store, number);
        progressReporter.reached(sourceCheckpoint.offset());
    }

    /** Whether the store has all that this record leads to; it comes again after a crash. */
    boolean isReplay(long offset) {
        return offset <= sourceCheckpoint.offset();
    }

    /** What had been reached with the last record. */
    long value() {
        return sourceCheckpoint.value();
    }

    /** Says that all that this record leads to is in the store. */
    void advance(long offset, long value) {
        if (!isReplay(offset)) {
            sourceCheckpoint = new SourceCheckpoint(offset, value);
            sourceCheckpoint.write(store, number, writer);
            if (!written) {
                SourceCheckpoint.removeOthers(store, number, writer);
                written = true;
            }
            progressReporter.reached(offset);
        }
    }

    /** Says that this pod follows the source no longer. */
    void stop() {
        progressReporter.ended();
    }
}
