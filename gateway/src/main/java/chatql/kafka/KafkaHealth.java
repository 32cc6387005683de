package chatql.kafka;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import reactor.core.publisher.Mono;

/**
 * The health of this pod's connection to Kafka: whether the broker answers, the tap reads and history is running, each
 * with its reason.
 */
final class KafkaHealth {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CACHE_TIME = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaHealth.class);

    private KafkaHealth() {}

    static ReactiveHealthIndicator broker(Admin admin) {
        var options = new DescribeClusterOptions().timeoutMs((int) TIMEOUT.toMillis());
        return broker(Mono.fromCompletionStage(
                        () -> admin.describeCluster(options).nodes().toCompletionStage())
                .map(nodes -> nodes.size()));
    }

    /** Queries the broker at most once a second, however many probes there are. */
    static ReactiveHealthIndicator broker(Mono<Integer> nodes) {
        var wasDown = new AtomicBoolean();
        Mono<Health> query = nodes.map(
                        count -> Health.up().withDetail("nodes", count).build())
                .timeout(TIMEOUT.multipliedBy(2))
                .onErrorResume(failure -> Mono.just(down("The broker does not answer")));
        Mono<Health> shared =
                query.doOnNext(health -> logChange(health, wasDown)).cache(CACHE_TIME);
        return () -> shared;
    }

    /** Logs a line when the broker becomes unavailable and when it recovers, and not at each probe. */
    private static void logChange(Health health, AtomicBoolean wasDown) {
        boolean isDown = health.getStatus().equals(Status.DOWN);
        if (wasDown.getAndSet(isDown) != isDown) {
            if (isDown) {
                LOG.warn("The broker does not answer: nothing is sent or delivered until it does");
            } else {
                LOG.info("The broker answers again");
            }
        }
    }

    /** @param changes of the topics since the start */
    static ReactiveHealthIndicator log(Supplier<Collection<String>> changes) {
        return () -> Mono.fromSupplier(() -> {
            Collection<String> reasons = changes.get();
            return reasons.isEmpty() ? Health.up().build() : down(String.join("; ", reasons));
        });
    }

    static ReactiveHealthIndicator tap(Supplier<@Nullable Throwable> failure) {
        return () -> Mono.fromSupplier(
                () -> failure.get() == null ? Health.up().build() : down("The tap cannot read the log"));
    }

    /**
     * At the start a pod waits until it serves its share of history. Later, a pod that serves clients stays ready,
     * because it sends and delivers without history. A pod that only serves history is not ready without it.
     *
     * @param served whether history was running at any time since the start
     * @param failing whether stream threads fail repeatedly
     * @param edge whether this pod serves clients
     */
    static ReactiveHealthIndicator history(
            Supplier<Optional<KafkaStreams.State>> state,
            BooleanSupplier served,
            BooleanSupplier failing,
            boolean edge) {
        return () -> Mono.fromSupplier(() -> history(state.get(), served.getAsBoolean(), failing.getAsBoolean(), edge));
    }

    private static Health history(Optional<KafkaStreams.State> state, boolean served, boolean failing, boolean edge) {
        boolean followed = !failing
                && state.filter(KafkaStreams.State::isRunningOrRebalancing).isPresent();
        boolean ready = served && (followed || edge);
        Health.Builder health = ready ? Health.up() : Health.down();
        health.withDetail("state", state.map(KafkaStreams.State::name).orElse("NOT_RUNNING"));
        String reason =
                failing ? "Kafka Streams threads fail repeatedly: see the log of this pod" : reason(state, served);
        return (reason.isEmpty() ? health : health.withDetail("reason", reason)).build();
    }

    private static String reason(Optional<KafkaStreams.State> state, boolean served) {
        if (!served) {
            return "History is starting";
        }
        if (state.isEmpty() || !state.get().isRunningOrRebalancing()) {
            return "Kafka Streams is not running on this pod";
        }
        return state.get() == KafkaStreams.State.RUNNING ? "" : "Partitions of history are moving or being restored";
    }

    /** Always up, because this pod sends and delivers whatever the state of the history pods. */
    static ReactiveHealthIndicator elsewhere(URI url) {
        return () -> Mono.just(Health.up().withDetail("keptAt", url.toString()).build());
    }

    private static Health down(String reason) {
        return Health.down().withDetail("reason", reason).build();
    }
}
