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
 * Compares the topics with those that this pod has started with. A topic that was deleted, created anew or given more
 * partitions keeps its name, and Kafka's clients go on with whatever has the name: only its id and its partitions tell.
 */
public final class LogIdentityWatch extends BackgroundTask {
    private static final Logger LOG = LoggerFactory.getLogger(LogIdentityWatch.class);

    /** How long a change may go unnoticed that nothing else hints at. */
    static final Duration EVERY = Duration.ofSeconds(2);

    /** The pause between two looks, however many ask for one: also while Kafka is away, so that one comes when it is back. */
    static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

    private static final Duration MAX_LOOK_TIME = Duration.ofSeconds(5);

    private final LogIdentity started;
    private final SingleFlight<LogIdentity> now;
    private final Scheduler timer;
    private final LongSupplier nanoTime;
    private final Sinks.Many<Map<String, String>> states = Sinks.many().replay().latestOrDefault(Map.of());
    /** By name of the topic, what has changed. */
    private volatile Map<String, String> changes = Map.of();

    /** What does not come back, by name of the topic. */
    private final Map<String, String> lost = new ConcurrentHashMap<>();

    private volatile LogIdentity found;
    private volatile boolean wanted;
    private volatile long last;

    /** @param now asks Kafka for the topics, without those that do not exist */
    public LogIdentityWatch(
            LogIdentity started, Supplier<Mono<LogIdentity>> now, Scheduler timer, LongSupplier nanoTime) {
        super(LifecyclePhase.LOG_WATCH);
        this.started = started;
        this.found = started;
        this.now = new SingleFlight<>(now);
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    @Override
    protected Disposable begin() {
        return Flux.interval(SHORTEST_PAUSE, SHORTEST_PAUSE, timer)
                .onBackpressureDrop()
                .filter(tick -> wanted || nanoTime.getAsLong() - last >= EVERY.toNanos())
                .concatMap(tick -> look().onErrorComplete(), 1)
                .subscribe();
    }

    /** Has it look again soon: something has failed in a way that a change may be behind. */
    public void lookSoon() {
        wanted = true;
    }

    /** Looks now. Errors when Kafka does not answer. */
    Mono<Void> look() {
        return Mono.defer(() -> {
                    wanted = false;
                    last = nanoTime.getAsLong();
                    return now.get().timeout(MAX_LOOK_TIME, timer);
                })
                .doOnError(away -> wanted = true)
                .doOnNext(this::compare)
                .then();
    }

    /** Says that the topic has lost something of what it had, until the pod stops. */
    void lose(String topic, String what) {
        lost.put(topic, what);
        compare(found);
    }

    private synchronized void compare(LogIdentity asked) {
        found = asked;
        var changed = new TreeMap<String, String>();
        started.topics()
                .keySet()
                .forEach(name -> started.change(name, asked).ifPresent(what -> changed.put(name, what)));
        lost.forEach(changed::putIfAbsent);
        if (!changed.equals(changes)) {
            tell(changed);
            changes = changed;
            states.emitNext(Map.copyOf(changed), Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    /** One line for each change, however often it is looked at. */
    private void tell(Map<String, String> changed) {
        changed.forEach((name, what) -> {
            if (!what.equals(changes.get(name))) {
                LOG.error("{}", what);
            }
        });
        changes.keySet().stream()
                .filter(name -> !changed.containsKey(name))
                .forEach(name -> LOG.warn("Topic {} is again what it was when this pod started", name));
    }

    /** What is wrong now, a sentence for each topic; empty while nothing is. */
    public Collection<String> reasons() {
        return changes.values();
    }

    public boolean isChanged(String topic) {
        return changes.containsKey(topic);
    }

    /** Errors with {@link LogChanged} when one of the topics has changed. */
    public <T> Mono<T> unchanged(String topic, Mono<T> otherwise) {
        return Mono.defer(() -> isChanged(topic) ? Mono.error(new LogChanged()) : otherwise);
    }

    /** Whether one of these topics, or any where none is named, is not what it was: now, and whenever that changes. */
    public Flux<Boolean> changed(String... topics) {
        Collection<String> watched = topics.length == 0 ? started.topics().keySet() : List.of(topics);
        return states.asFlux()
                .map(state -> watched.stream().anyMatch(state::containsKey))
                .distinctUntilChanged();
    }
}
