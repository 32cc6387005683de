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

/** Reads the state stores of this pod on a scheduler for blocking calls. */
public final class LocalStores {
    private final HistoryStreams streams;
    private final Scheduler scheduler;

    public LocalStores(HistoryStreams streams, Scheduler scheduler) {
        this.streams = streams;
        this.scheduler = scheduler;
    }

    /** As {@link #read}, for a window store. */
    <T> Mono<T> readWindows(
            String name, int partition, Function<ReadOnlyWindowStore<Bytes, byte[]>, @Nullable T> reader) {
        return on(() -> reader.apply(streams.store(name, partition, QueryableStoreTypes.windowStore())));
    }

    /**
     * Emits the reader's result, or nothing if it is null. Errors with {@link HistoryUnavailable} if this pod does not
     * have the store.
     */
    <T> Mono<T> read(String name, int partition, Function<ReadOnlyKeyValueStore<Bytes, byte[]>, @Nullable T> reader) {
        return on(() -> reader.apply(streams.store(name, partition, QueryableStoreTypes.keyValueStore())));
    }

    /** A cancellation interrupts the thread. The resulting failure is dropped. */
    private <T> Mono<T> on(Callable<@Nullable T> read) {
        return Mono.fromCallable(() -> outcome(read)).subscribeOn(scheduler).flatMap(outcome -> outcome);
    }

    private <T> Mono<T> outcome(Callable<@Nullable T> read) {
        try {
            return Mono.justOrEmpty(streams.readVerified(read));
        } catch (ProcessorStateException unreadable) {
            return Mono.error(streams.unreadable(unreadable));
        } catch (InvalidStateStoreException | CancellationException unavailable) {
            return Mono.error(new PartitionMigrating(unavailable));
        } catch (Exception failure) {
            return Mono.error(failure);
        }
    }
}
