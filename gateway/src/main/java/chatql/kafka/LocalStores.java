package chatql.kafka;

import chatql.history.HistoryUnavailable;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reads the stores that are kept on this pod, on threads that may take a while. */
final class LocalStores {
    private final HistoryStreams streams;
    private final Scheduler scheduler;

    LocalStores(HistoryStreams streams, Scheduler scheduler) {
        this.streams = streams;
        this.scheduler = scheduler;
    }

    /** What the reader finds, empty when that is null. Errors with {@link HistoryUnavailable} when the store isn't here. */
    <T> Mono<T> read(String name, int partition, Function<ReadOnlyKeyValueStore<Bytes, byte[]>, @Nullable T> reader) {
        return Mono.fromCallable(() -> reader.apply(streams.store(name, partition)))
                .onErrorMap(InvalidStateStoreException.class, Moving::new)
                .subscribeOn(scheduler);
    }
}
