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

    private final ConnectionRegistry connectionRegistry;
    private final Duration time;
    private final RandomGenerator random;
    private final ApplicationEventPublisher events;
    private volatile boolean running;

    public Drain(
            ConnectionRegistry connectionRegistry,
            Duration time,
            RandomGenerator random,
            ApplicationEventPublisher events) {
        this.connectionRegistry = connectionRegistry;
        this.time = time;
        this.random = random;
        this.events = events;
    }

    @Override
    public void start() {
        if (connectionRegistry.leaving()) {
            connectionRegistry.stay();
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
        connectionRegistry.leave();
        List<ClientConnection> clientConnections = List.copyOf(connectionRegistry.peers());
        Disposable leaving = Flux.fromIterable(clientConnections)
                .flatMap(
                        clientConnection -> Mono.delay(moment()).doOnNext(now -> clientConnection.leave()),
                        Math.max(1, clientConnections.size()))
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
                .takeUntil(look -> connectionRegistry.isQuiet())
                .then();
    }

    private Mono<Void> cutOff() {
        return Mono.fromRunnable(() -> connectionRegistry.peers().forEach(ClientConnection::cut));
    }

    private Duration moment() {
        return Duration.ofNanos((long) (time.toNanos() * random.nextDouble()));
    }
}
