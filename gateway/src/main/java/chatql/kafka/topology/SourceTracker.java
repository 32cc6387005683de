package chatql.kafka.topology;

import chatql.kafka.consistency.StoreProgress;
import chatql.kafka.store.Source;
import chatql.kafka.store.SourceCheckpoint;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Maintains and reports the checkpoint of one source in a store. */
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

    /** Whether the store already has the result of this record, which is replayed after a crash. */
    boolean isReplay(long offset) {
        return offset <= sourceCheckpoint.offset();
    }

    /** The value of the last checkpoint. */
    long value() {
        return sourceCheckpoint.value();
    }

    /** Notes that the store has the complete result of this record. */
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

    /** Reports that this pod no longer consumes the source. */
    void stop() {
        progressReporter.ended();
    }
}
