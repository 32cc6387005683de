package chatql.kafka.query;

import chatql.history.HistoryUnavailable;
import chatql.kafka.consistency.PartitionMigrating;
import chatql.kafka.streams.HistoryStreams;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Reads the stores that are kept on this pod, on threads that may take a while. */
public final class LocalStores {
    private final HistoryStreams streams;
    private final Scheduler scheduler;

    public LocalStores(HistoryStreams streams, Scheduler scheduler) {
        this.streams = streams;
        this.scheduler = scheduler;
    }

    /** As {@link #read}, of a window store. */
    <T> Mono<T> readWindows(
            String name, int partition, Function<ReadOnlyWindowStore<Bytes, byte[]>, @Nullable T> reader) {
        return on(() -> reader.apply(streams.store(name, partition, QueryableStoreTypes.windowStore())));
    }

    /** What the reader finds, empty when that is null. Errors with {@link HistoryUnavailable} when the store isn't here. */
    <T> Mono<T> read(String name, int partition, Function<ReadOnlyKeyValueStore<Bytes, byte[]>, @Nullable T> reader) {
        return on(() -> reader.apply(streams.store(name, partition, QueryableStoreTypes.keyValueStore())));
    }

    /** When it is cancelled, the thread is interrupted, and what it fails with is no matter to anybody. */
    private <T> Mono<T> on(Callable<@Nullable T> read) {
        return Mono.fromCallable(() -> outcome(read)).subscribeOn(scheduler).flatMap(outcome -> outcome);
    }

    private <T> Mono<T> outcome(Callable<@Nullable T> read) {
        try {
            return Mono.justOrEmpty(streams.readVerified(read));
        } catch (ProcessorStateException unreadable) {
            return Mono.error(streams.unreadable(unreadable));
        } catch (InvalidStateStoreException | CancellationException gone) {
            return Mono.error(new PartitionMigrating(gone));
        } catch (Exception failure) {
            return Mono.error(failure);
        }
    }
}
