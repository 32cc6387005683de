package chatql.kafka.consistency;

import chatql.kafka.client.BackgroundTask;
import chatql.lifecycle.LifecyclePhase;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Whether Kafka has answered this pod without interruption. A pod that slept or lost its network for longer than the group's
 * session time-out has lost its partitions to other pods, and may be the last to know.
 */
public final class BrokerLiveness extends BackgroundTask {
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Half of the session time-out, after which the group gives a silent pod's partitions to others. */
    private static final Duration MAX_BREAK = Duration.ofSeconds(3);

    private final Mono<?> question;
    private final Scheduler scheduler;
    private final LongSupplier nanoTime;
    private long last;
    private long period;

    /** @param question a request that Kafka answers */
    public BrokerLiveness(Mono<?> question, Scheduler scheduler, LongSupplier nanoTime) {
        super(LifecyclePhase.BACKGROUND);
        this.question = question;
        this.scheduler = scheduler;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong() - MAX_BREAK.toNanos();
    }

    @Override
    protected Disposable begin() {
        return Flux.interval(Duration.ZERO, EVERY, scheduler)
                .onBackpressureDrop()
                .concatMap(tick -> ask(), 1)
                .subscribe();
    }

    private Mono<Void> ask() {
        return Mono.defer(() -> {
                    long asked = nanoTime.getAsLong();
                    return question.timeout(MAX_BREAK, scheduler).then(Mono.<Void>fromRunnable(() -> answered(asked)));
                })
                .onErrorComplete();
    }

    /** Kafka answered, so it was reachable when the question was sent. */
    private synchronized void answered(long asked) {
        if (asked - last >= MAX_BREAK.toNanos()) {
            period++;
        }
        last = asked;
    }

    /** The number of the current period without interruption; empty while there is one. */
    synchronized OptionalLong uninterruptedSince() {
        return nanoTime.getAsLong() - last < MAX_BREAK.toNanos() ? OptionalLong.of(period) : OptionalLong.empty();
    }
}
