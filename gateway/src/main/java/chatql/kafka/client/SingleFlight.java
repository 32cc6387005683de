package chatql.kafka.client;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One question that many ask: all who ask while it is being answered wait for the next answer together, so that every
 * answer is of a question put after they asked, and no more than one is under way.
 */
public final class SingleFlight<T> {
    private final Supplier<Mono<T>> question;
    private Sinks.@Nullable One<T> waiting;
    private boolean asking;

    public SingleFlight(Supplier<Mono<T>> question) {
        this.question = question;
    }

    public Mono<T> get() {
        return Mono.defer(this::join);
    }

    private Mono<T> join() {
        Sinks.One<T> mine;
        boolean first;
        synchronized (this) {
            mine = waiting == null ? Sinks.one() : waiting;
            waiting = mine;
            first = !asking;
            asking = true;
        }
        if (first) {
            ask();
        }
        return mine.asMono();
    }

    private void ask() {
        Sinks.One<T> served = next();
        if (served != null) {
            Mono.defer(question)
                    .doFinally(end -> ask())
                    .subscribe(served::tryEmitValue, served::tryEmitError, served::tryEmitEmpty);
        }
    }

    private synchronized Sinks.@Nullable One<T> next() {
        Sinks.One<T> next = waiting;
        waiting = null;
        asking = next != null;
        return next;
    }
}
