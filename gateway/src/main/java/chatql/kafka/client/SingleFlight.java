package chatql.kafka.client;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Shares one call among concurrent callers. Callers that arrive during a call wait for the next one. So every result is
 * that of a call made after its caller asked, and at most one call is in flight.
 */
public final class SingleFlight<T> {
    private final Supplier<Mono<T>> call;
    private Sinks.@Nullable One<T> waiting;
    private boolean inFlight;

    public SingleFlight(Supplier<Mono<T>> call) {
        this.call = call;
    }

    public Mono<T> get() {
        return Mono.defer(this::join);
    }

    private Mono<T> join() {
        Sinks.One<T> joined;
        boolean first;
        synchronized (this) {
            joined = waiting == null ? Sinks.one() : waiting;
            waiting = joined;
            first = !inFlight;
            inFlight = true;
        }
        if (first) {
            start();
        }
        return joined.asMono();
    }

    private void start() {
        Sinks.One<T> batch = next();
        if (batch != null) {
            Mono.defer(call)
                    .doFinally(end -> start())
                    .subscribe(batch::tryEmitValue, batch::tryEmitError, batch::tryEmitEmpty);
        }
    }

    private synchronized Sinks.@Nullable One<T> next() {
        Sinks.One<T> next = waiting;
        waiting = null;
        inFlight = next != null;
        return next;
    }
}
