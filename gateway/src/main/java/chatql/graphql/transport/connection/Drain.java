package chatql.graphql.transport.connection;

import chatql.lifecycle.LifecyclePhase;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets the clients go before the web server does: each at a random moment within the drain time, so that they come back
 * elsewhere in a spread and not all at once. Plain HTTP is served meanwhile, and what is asked is answered. Whoever is still here shortly after that is cut off.
 */
public final class Drain implements SmartLifecycle {

    /** How long after the drain time a client that takes nothing any more keeps its connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Connections connections;
    private final Duration time;
    private final RandomGenerator random;
    private final ApplicationEventPublisher events;
    private volatile boolean running;

    public Drain(Connections connections, Duration time, RandomGenerator random, ApplicationEventPublisher events) {
        this.connections = connections;
        this.time = time;
        this.random = random;
        this.events = events;
    }

    @Override
    public void start() {
        if (connections.leaving()) {
            connections.stay();
            AvailabilityChangeEvent.publish(events, this, ReadinessState.ACCEPTING_TRAFFIC);
        }
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable whenGone) {
        AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
        connections.leave();
        List<Peer> peers = List.copyOf(connections.peers());
        Disposable leaving = Flux.fromIterable(peers)
                .flatMap(peer -> Mono.delay(moment()).doOnNext(now -> peer.leave()), Math.max(1, peers.size()))
                .subscribe();
        empty().timeout(time.plus(PATIENCE), cutOff())
                .doFinally(end -> {
                    leaving.dispose();
                    running = false;
                    whenGone.run();
                })
                .subscribe();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return LifecyclePhase.DRAIN;
    }

    private Mono<Void> empty() {
        return Flux.interval(Duration.ZERO, LOOK)
                .takeUntil(look -> connections.isQuiet())
                .then();
    }

    private Mono<Void> cutOff() {
        return Mono.fromRunnable(() -> connections.peers().forEach(Peer::cut));
    }

    private Duration moment() {
        return Duration.ofNanos((long) (time.toNanos() * random.nextDouble()));
    }
}
