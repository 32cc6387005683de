package chatql.kafka.topology;

import chatql.kafka.consistency.Progress;
import chatql.kafka.store.Mark;
import chatql.kafka.store.Source;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** Keeps the mark of one source in a store, and reports it. */
final class Follower {
    private final KeyValueStore<Bytes, byte[]> store;
    private final int number;
    private final Progress.Report report;
    private final long writer = ThreadLocalRandom.current().nextLong();
    private Mark mark;
    private boolean written;

    Follower(KeyValueStore<Bytes, byte[]> store, Progress progress, Source source) {
        this.store = store;
        this.number = source.number();
        this.report = progress.follow(source);
        this.mark = Mark.read(store, number);
        report.reached(mark.offset());
    }

    /** Whether the store has all that this record leads to; it comes again after a crash. */
    boolean has(long offset) {
        return offset <= mark.offset();
    }

    /** What had been reached with the last record. */
    long value() {
        return mark.value();
    }

    /** Says that all that this record leads to is in the store. */
    void advance(long offset, long value) {
        if (!has(offset)) {
            mark = new Mark(offset, value);
            mark.write(store, number, writer);
            if (!written) {
                Mark.removeOthers(store, number, writer);
                written = true;
            }
            report.reached(offset);
        }
    }

    /** Says that this pod follows the source no longer. */
    void stop() {
        report.ended();
    }
}
