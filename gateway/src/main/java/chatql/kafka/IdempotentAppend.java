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
 * Answers a retry with the first message of its identity, if this pod or history knows it. It never delays a message
 * for long. The topology detects the duplicates that are missed here.
 */
final class IdempotentAppend {
    /** How many identities to remember. Retries come soon, or so much later that history knows the first message. */
    private static final int MAX_IDENTITIES = 256;

    /**
     * The timeout of a lookup, which usually takes a millisecond. If history is slower, the message is sent without its
     * answer.
     */
    private static final Duration LOOKUP_TIMEOUT = Duration.ofMillis(250);

    private final Function<Draft.Identity, Mono<DuplicateLookup>> history;
    private final Map<Draft.Identity, FirstMessage> latest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Draft.Identity, FirstMessage> eldest) {
            return size() > MAX_IDENTITIES;
        }
    };

    private final InstantSource clock;

    /** @param history looks up an identity */
    IdempotentAppend(Function<Draft.Identity, Mono<DuplicateLookup>> history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    /**
     * Returns the first message of this identity.
     *
     * @param append appends the message, once, if no first one is known; its argument is the offset up to which history
     *     was searched
     */
    Mono<Message> first(Draft.Identity identity, Function<Long, Mono<Message>> append) {
        return Mono.defer(() -> firstMessage(identity, append));
    }

    private synchronized Mono<Message> firstMessage(Draft.Identity identity, Function<Long, Mono<Message>> append) {
        Instant now = clock.instant();
        FirstMessage known = latest.get(identity);
        if (known == null || known.isExpired(now)) {
            known = new FirstMessage(now, lookUpOrAppend(identity, append).doOnError(failure -> forget(identity)));
            // Removed first, so that the identity becomes the youngest entry.
            latest.remove(identity);
            latest.put(identity, known);
        }
        return known.message;
    }

    /** The first message of an identity, for as long as another message counts as its duplicate. */
    private static final class FirstMessage {
        private final Mono<Message> message;
        /** The time when the log appended the message. Before an answer, or if it is earlier, the time of the request. */
        private volatile Instant since;

        FirstMessage(Instant now, Mono<Message> first) {
            since = now;
            message = first.doOnNext(this::found).cache();
        }

        private void found(Message first) {
            Instant appended = Instant.ofEpochMilli(first.cursor().timestamp());
            since = appended.isBefore(since) ? appended : since;
        }

        boolean isExpired(Instant now) {
            return now.isAfter(since.plus(IdempotencyIndex.WINDOW));
        }
    }

    private Mono<Message> lookUpOrAppend(Draft.Identity identity, Function<Long, Mono<Message>> append) {
        return history.apply(identity)
                .timeout(LOOKUP_TIMEOUT)
                .onErrorReturn(DuplicateLookup.UNKNOWN)
                .flatMap(duplicateLookup -> duplicateLookup.first() == null
                        ? append.apply(duplicateLookup.checked())
                        : Mono.just(duplicateLookup.first()));
    }

    private synchronized void forget(Draft.Identity identity) {
        latest.remove(identity);
    }
}
