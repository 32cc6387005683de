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
 * Whether this pod is in touch with Kafka, and has been all the while. A pod that slept or was cut off for long has lost
 * its parts of history to others, and may be the last to know.
 */
public final class BrokerLiveness extends BackgroundTask {
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Half of the time after which the group gives a silent pod's parts to others. */
    private static final Duration MAX_BREAK = Duration.ofSeconds(3);

    private final Mono<?> question;
    private final Scheduler scheduler;
    private final LongSupplier nanoTime;
    private long last;
    private long period;

    /** @param question that Kafka answers */
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

    /** Kafka was there between the question and the answer: certainly since the question was on its way. */
    private synchronized void answered(long asked) {
        if (asked - last >= MAX_BREAK.toNanos()) {
            period++;
        }
        last = asked;
    }

    /** The number of the time without a break that is now; empty in a break. */
    synchronized OptionalLong uninterruptedSince() {
        return nanoTime.getAsLong() - last < MAX_BREAK.toNanos() ? OptionalLong.of(period) : OptionalLong.empty();
    }
}
