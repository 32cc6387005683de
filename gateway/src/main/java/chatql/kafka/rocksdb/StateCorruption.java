package chatql.kafka.rocksdb;

import java.util.stream.Stream;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.rocksdb.RocksDBException;

/** Which failures of Kafka Streams come from the state on disk. Not all of them name a task, so none is asked for it. */
public final class StateCorruption {
    private StateCorruption() {}

    public static boolean isBehind(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof ProcessorStateException || cause instanceof RocksDBException);
    }
}
