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
 * Closes the clients' connections before the web server stops: each at a random moment within the drain time, so that
 * the clients reconnect to other pods over that time and not all at once. Plain HTTP is served meanwhile, and running
 * requests are answered. A connection that is still open shortly after the drain time is cut.
 */
public final class Drain implements SmartLifecycle {

    /** How long after the drain time a client that takes no bytes keeps its connection. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(20);

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
        Disposable draining = Flux.fromIterable(clientConnections)
                .flatMap(
                        clientConnection -> Mono.delay(moment()).doOnNext(now -> clientConnection.leave()),
                        Math.max(1, clientConnections.size()))
                .subscribe();
        empty().timeout(time.plus(GRACE), cutOff())
                .doFinally(end -> {
                    draining.dispose();
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
        return Flux.interval(Duration.ZERO, CHECK_INTERVAL)
                .takeUntil(check -> connectionRegistry.isQuiet())
                .then();
    }

    private Mono<Void> cutOff() {
        return Mono.fromRunnable(() -> connectionRegistry.peers().forEach(ClientConnection::cut));
    }

    private Duration moment() {
        return Duration.ofNanos((long) (time.toNanos() * random.nextDouble()));
    }
}
