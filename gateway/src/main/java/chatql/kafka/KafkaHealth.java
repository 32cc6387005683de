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

/** Whether this pod can serve: the broker answers, the tap reads and history is followed; each with its reason. */
final class KafkaHealth {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration KEPT = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaHealth.class);

    private KafkaHealth() {}

    static ReactiveHealthIndicator broker(Admin admin) {
        var options = new DescribeClusterOptions().timeoutMs((int) TIMEOUT.toMillis());
        return broker(Mono.fromCompletionStage(
                        () -> admin.describeCluster(options).nodes().toCompletionStage())
                .map(nodes -> nodes.size()));
    }

    /** Asked once a second at most, however many probes there are. */
    static ReactiveHealthIndicator broker(Mono<Integer> nodes) {
        var away = new AtomicBoolean();
        Mono<Health> asked = nodes.map(
                        count -> Health.up().withDetail("nodes", count).build())
                .timeout(TIMEOUT.multipliedBy(2))
                .onErrorResume(failure -> Mono.just(down("The broker does not answer")));
        Mono<Health> shared = asked.doOnNext(health -> tell(health, away)).cache(KEPT);
        return () -> shared;
    }

    /** Once when the broker goes and once when it comes, and not at each probe. */
    private static void tell(Health health, AtomicBoolean away) {
        boolean isAway = health.getStatus().equals(Status.DOWN);
        if (away.getAndSet(isAway) != isAway) {
            if (isAway) {
                LOG.warn("The broker does not answer: nothing is sent or delivered until it does");
            } else {
                LOG.info("The broker answers again");
            }
        }
    }

    /** @param changes what has changed of the topics since the start */
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
     * At the start a pod waits for its share of history. Later on, one that serves clients sends and delivers whatever
     * becomes of history; one that keeps history only is of no use without it.
     *
     * @param served whether history was followed at any time since the start
     * @param failing whether what follows it fails again and again
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
        String reason = failing ? "What follows the log fails again and again: see the log" : reason(state, served);
        return (reason.isEmpty() ? health : health.withDetail("reason", reason)).build();
    }

    private static String reason(Optional<KafkaStreams.State> state, boolean served) {
        if (!served) {
            return "History is read for the first time since the start";
        }
        if (state.isEmpty() || !state.get().isRunningOrRebalancing()) {
            return "History is not followed here";
        }
        return state.get() == KafkaStreams.State.RUNNING ? "" : "Parts of history move or are read again";
    }

    /** Whatever has become of the history pods, this one sends and delivers. */
    static ReactiveHealthIndicator elsewhere(URI url) {
        return () -> Mono.just(Health.up().withDetail("keptAt", url.toString()).build());
    }

    private static Health down(String reason) {
        return Health.down().withDetail("reason", reason).build();
    }
}
