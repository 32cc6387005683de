package chatql.kafka;

import chatql.history.HistoryUnavailable;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Which pod keeps what: reads on this one what it keeps itself, and asks the owner for the rest, never through a third. */
final class Owners {
    /** How long to wait before the one more try, on whoever is the owner by then. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final HistoryStreams streams;

    Owners(HistoryStreams streams) {
        this.streams = streams;
    }

    /** Reads where the partition of the store is kept. Errors with {@link HistoryUnavailable}. */
    <T> Mono<T> read(String store, int partition, Mono<T> here, Function<HostInfo, Mono<T>> there) {
        return Mono.defer(() -> owned(store, partition, here, there))
                .retryWhen(Retry.fixedDelay(1, AGAIN)
                        .filter(HistoryUnavailable.class::isInstance)
                        .onRetryExhaustedThrow((retry, last) -> last.failure()));
    }

    private <T> Mono<T> owned(String store, int partition, Mono<T> here, Function<HostInfo, Mono<T>> there) {
        HostInfo owner = streams.owner(store, partition);
        return owner.equals(streams.address()) ? here : there.apply(owner);
    }
}
