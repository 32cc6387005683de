package chatql.kafka.rocksdb;

import java.util.stream.Stream;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.rocksdb.RocksDBException;

/**
 * Recognizes failures of Kafka Streams that come from corrupt state on disk. Not all of them name a task, so no task is
 * taken from them.
 */
public final class StateCorruption {
    private StateCorruption() {}

    public static boolean isBehind(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof ProcessorStateException || cause instanceof RocksDBException);
    }
}
