package chatql.kafka;

import chatql.history.HistoryUnavailable;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Which pod keeps what: reads on this one what it keeps itself, and asks the owner for the rest, never through a third. */
final class Owners {
    /** How long to wait before the next try, on whoever is the owner by then. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final HistoryStreams streams;
    private final long tries;

    /** @param patience how long an owner is looked for */
    Owners(HistoryStreams streams, Duration patience) {
        this.streams = streams;
        this.tries = patience.dividedBy(AGAIN.multipliedBy(4));
    }

    /** Reads where the partition of the store is kept. Errors with {@link HistoryUnavailable}. */
    <T> Mono<T> read(String store, int partition, Mono<T> here, Function<HostInfo, Mono<T>> there) {
        return once(store, partition, here, there)
                .retryWhen(Retry.backoff(tries, AGAIN)
                        .maxBackoff(AGAIN.multipliedBy(4))
                        .filter(Moving.class::isInstance)
                        .onRetryExhaustedThrow((retry, last) -> last.failure()));
    }

    /** As {@link #read}, with one try. */
    <T> Mono<T> once(String store, int partition, Mono<T> here, Function<HostInfo, Mono<T>> there) {
        return Mono.defer(() -> owned(store, partition, here, there));
    }

    private <T> Mono<T> owned(String store, int partition, Mono<T> here, Function<HostInfo, Mono<T>> there) {
        HostInfo owner = streams.owner(store, partition);
        return owner.equals(streams.address()) ? here : there.apply(owner);
    }
}
