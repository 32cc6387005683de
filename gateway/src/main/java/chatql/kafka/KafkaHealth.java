package chatql.kafka;

import java.net.URI;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/** Whether this pod can serve: the broker answers, the tap reads and history is followed; each with its reason. */
final class KafkaHealth {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration KEPT = Duration.ofSeconds(1);

    private KafkaHealth() {}

    static ReactiveHealthIndicator broker(Admin admin) {
        var options = new DescribeClusterOptions().timeoutMs((int) TIMEOUT.toMillis());
        Mono<Health> asked = Mono.fromCompletionStage(
                        () -> admin.describeCluster(options).nodes().toCompletionStage())
                .map(nodes -> Health.up().withDetail("nodes", nodes.size()).build())
                .onErrorResume(failure -> Mono.just(Health.down()
                        .withDetail("reason", "The broker does not answer")
                        .build()));
        Mono<Health> shared = asked.cache(KEPT);
        return () -> shared;
    }

    static ReactiveHealthIndicator tap(KafkaTap tap) {
        return () -> Mono.fromSupplier(() -> tap.failure() == null
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", "The tap cannot read the log")
                        .build());
    }

    static ReactiveHealthIndicator history(HistoryStreams streams) {
        return () -> Mono.fromSupplier(() -> {
            String state = streams.state().map(KafkaStreams.State::name).orElse("NOT_RUNNING");
            return (streams.isServing() ? Health.up() : Health.down())
                    .withDetail("state", state)
                    .build();
        });
    }

    /** Whatever has become of the history pods, this one sends and delivers. */
    static ReactiveHealthIndicator elsewhere(URI url) {
        return () -> Mono.just(Health.up().withDetail("keptAt", url.toString()).build());
    }
}
