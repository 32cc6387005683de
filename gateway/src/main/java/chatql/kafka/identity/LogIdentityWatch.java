package chatql.kafka.identity;

import chatql.kafka.client.BackgroundTask;
import chatql.kafka.client.SingleFlight;
import chatql.kafka.topic.LogIdentity;
import chatql.lifecycle.LifecyclePhase;
import chatql.message.LogChanged;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Compares the topics with those at this pod's start. A topic that was deleted, re-created or given more partitions
 * keeps its name, and Kafka's clients continue with any topic of that name. Only its id and its number of partitions
 * reveal the change.
 */
public final class LogIdentityWatch extends BackgroundTask {
    private static final Logger LOG = LoggerFactory.getLogger(LogIdentityWatch.class);

    /** The interval between checks, which bounds how long a change goes unnoticed. */
    static final Duration EVERY = Duration.ofSeconds(2);

    /**
     * The minimum pause between checks, however many are requested. It also applies while Kafka does not answer, so
     * that a check follows soon after it recovers.
     */
    static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

    private final LogIdentity started;
    private final SingleFlight<LogIdentity> now;
    private final Scheduler timer;
    private final LongSupplier nanoTime;
    private final Sinks.Many<Map<String, String>> states = Sinks.many().replay().latestOrDefault(Map.of());
    /** The current changes by topic. */
    private volatile Map<String, String> changes = Map.of();

    /** Losses of records by topic, which last until the pod stops. */
    private final Map<String, String> lost = new ConcurrentHashMap<>();

    private volatile LogIdentity found;
    private volatile boolean checkRequested;
    private volatile long lastCheck;

    /** @param now queries Kafka for the identity of the existing topics */
    public LogIdentityWatch(
            LogIdentity started, Supplier<Mono<LogIdentity>> now, Scheduler timer, LongSupplier nanoTime) {
        super(LifecyclePhase.LOG_WATCH);
        this.started = started;
        this.found = started;
        this.now = new SingleFlight<>(now);
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.lastCheck = nanoTime.getAsLong();
    }

    @Override
    protected Disposable begin() {
        return Flux.interval(SHORTEST_PAUSE, SHORTEST_PAUSE, timer)
                .onBackpressureDrop()
                .filter(tick -> checkRequested || nanoTime.getAsLong() - lastCheck >= EVERY.toNanos())
                .concatMap(tick -> check().onErrorComplete(), 1)
                .subscribe();
    }

    /** Requests a check soon, because of a failure that a change of a topic may have caused. */
    public void checkSoon() {
        checkRequested = true;
    }

    /** Checks now. Errors if Kafka does not answer. */
    Mono<Void> check() {
        return Mono.defer(() -> {
                    checkRequested = false;
                    lastCheck = nanoTime.getAsLong();
                    return now.get().timeout(CHECK_TIMEOUT, timer);
                })
                .doOnError(unavailable -> checkRequested = true)
                .doOnNext(this::compare)
                .then();
    }

    /** Records that the topic has lost records, until the pod stops. */
    void recordsLost(String topic, String change) {
        lost.put(topic, change);
        compare(found);
    }

    private synchronized void compare(LogIdentity current) {
        found = current;
        var changed = new TreeMap<String, String>();
        started.topics()
                .keySet()
                .forEach(name -> started.change(name, current).ifPresent(change -> changed.put(name, change)));
        lost.forEach(changed::putIfAbsent);
        if (!changed.equals(changes)) {
            logChanges(changed);
            changes = changed;
            states.emitNext(Map.copyOf(changed), Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** Logs each change once. */
    private void logChanges(Map<String, String> changed) {
        changed.forEach((name, change) -> {
            if (!change.equals(changes.get(name))) {
                LOG.error("{}", change);
            }
        });
        changes.keySet().stream()
                .filter(name -> !changed.containsKey(name))
                .forEach(name -> LOG.warn("Topic {} is again the one that this pod started with", name));
    }

    /** The current changes, a sentence for each topic; empty if there are none. */
    public Collection<String> reasons() {
        return changes.values();
    }

    public boolean isChanged(String topic) {
        return changes.containsKey(topic);
    }

    /** Errors with {@link LogChanged} if the topic has changed. */
    public <T> Mono<T> unchanged(String topic, Mono<T> otherwise) {
        return Mono.defer(() -> isChanged(topic) ? Mono.error(new LogChanged()) : otherwise);
    }

    /** Whether one of these topics (or any topic if none is given) has changed: now, and on each change of that. */
    public Flux<Boolean> changed(String... topics) {
        Collection<String> watched = topics.length == 0 ? started.topics().keySet() : List.of(topics);
        return states.asFlux()
                .map(state -> watched.stream().anyMatch(state::containsKey))
                .distinctUntilChanged();
    }
}
