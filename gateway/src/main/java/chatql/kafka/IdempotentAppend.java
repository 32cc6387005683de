package chatql.kafka;

import chatql.kafka.query.DuplicateLookup;
import chatql.kafka.store.IdempotencyIndex;
import chatql.message.Draft;
import chatql.message.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Lets a message that is said again be answered with the first one, where this pod or history can know of it. It never
 * holds up a message for long: what slips through is told apart by the topology.
 */
final class IdempotentAppend {
    /** Retries come soon, or much later; those in between history knows. */
    private static final int REMEMBERED = 256;

    /** A lookup takes a millisecond; history that takes longer isn't well, and sending goes on without it. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Function<Draft.Identity, Mono<DuplicateLookup>> history;
    private final Map<Draft.Identity, Remembered> latest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Draft.Identity, Remembered> eldest) {
            return size() > REMEMBERED;
        }
    };

    private final InstantSource clock;

    /** @param history what it knows of an identity */
    IdempotentAppend(Function<Draft.Identity, Mono<DuplicateLookup>> history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    /**
     * The first message of this identity.
     *
     * @param append appends it, once, where none is known; given how far history was asked
     */
    Mono<Message> first(Draft.Identity identity, Function<Long, Mono<Message>> append) {
        return Mono.defer(() -> remembered(identity, append));
    }

    private synchronized Mono<Message> remembered(Draft.Identity identity, Function<Long, Mono<Message>> append) {
        Instant now = clock.instant();
        Remembered known = latest.get(identity);
        if (known == null || known.isOver(now)) {
            known = new Remembered(now, asked(identity, append).doOnError(failure -> forget(identity)));
            // Removed first, so that it is the youngest from now on.
            latest.remove(identity);
            latest.put(identity, known);
        }
        return known.message;
    }

    /** The first of its identity, as long as another one repeats it. */
    private static final class Remembered {
        private final Mono<Message> message;
        /** When the log took it; when it was asked for, where that is earlier or no answer is there yet. */
        private volatile Instant since;

        Remembered(Instant now, Mono<Message> first) {
            since = now;
            message = first.doOnNext(this::found).cache();
        }

        private void found(Message first) {
            Instant taken = Instant.ofEpochMilli(first.cursor().timestamp());
            since = taken.isBefore(since) ? taken : since;
        }

        boolean isOver(Instant now) {
            return now.isAfter(since.plus(IdempotencyIndex.WINDOW));
        }
    }

    private Mono<Message> asked(Draft.Identity identity, Function<Long, Mono<Message>> append) {
        return history.apply(identity)
                .timeout(PATIENCE)
                .onErrorReturn(DuplicateLookup.UNKNOWN)
                .flatMap(duplicateLookup -> duplicateLookup.first() == null
                        ? append.apply(duplicateLookup.checked())
                        : Mono.just(duplicateLookup.first()));
    }

    private synchronized void forget(Draft.Identity identity) {
        latest.remove(identity);
    }
}
