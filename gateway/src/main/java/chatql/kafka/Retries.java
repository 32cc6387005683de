package chatql.kafka;

import chatql.message.Draft;
import chatql.message.Message;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Lets a message that is said again be answered with the first one, where this pod or history can know of it. It never
 * holds up a message for long: what slips through is told apart by the topology.
 */
final class Retries {
    /** Retries come soon, or much later; those in between history knows. */
    private static final int REMEMBERED = 1_000;

    /** A lookup takes a millisecond; history that takes longer isn't well, and sending goes on without it. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final Function<Draft.Identity, Mono<Verdict>> history;
    private final Map<Draft.Identity, Mono<Message>> latest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Draft.Identity, Mono<Message>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param history what it knows of an identity */
    Retries(Function<Draft.Identity, Mono<Verdict>> history) {
        this.history = history;
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
        return latest.computeIfAbsent(
                identity,
                unknown -> asked(identity, append)
                        .doOnError(failure -> forget(identity))
                        .cache());
    }

    private Mono<Message> asked(Draft.Identity identity, Function<Long, Mono<Message>> append) {
        return history.apply(identity)
                .timeout(PATIENCE)
                .onErrorReturn(Verdict.UNKNOWN)
                .flatMap(verdict ->
                        verdict.first() == null ? append.apply(verdict.checked()) : Mono.just(verdict.first()));
    }

    private synchronized void forget(Draft.Identity identity) {
        latest.remove(identity);
    }
}
