package chatql.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class KafkaHealthTest {
    @Test
    void answeringBrokerIsUpAndNotNamed() {
        Health health = health(KafkaHealth.broker(Mono.just(3)));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).hasSize(1).containsEntry("nodes", 3);
    }

    @Test
    void failingBrokerIsDownAndItsAddressIsHidden() {
        var failure = new IllegalStateException("kafka-1.internal:9092 refused");

        Health health = health(KafkaHealth.broker(Mono.error(failure)));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).hasSize(1).containsEntry("reason", "The broker does not answer");
    }

    @Test
    void silentBrokerIsDownInTimeForProbe() {
        StepVerifier.withVirtualTime(() -> KafkaHealth.broker(Mono.never()).health())
                .thenAwait(Duration.ofSeconds(4))
                .assertNext(health -> assertThat(health.getStatus()).isEqualTo(Status.DOWN))
                .verifyComplete();
    }

    @Test
    void brokerIsAskedOnceForManyProbes() {
        var asked = new AtomicInteger();
        ReactiveHealthIndicator broker = KafkaHealth.broker(Mono.fromSupplier(asked::incrementAndGet));

        health(broker);
        health(broker);

        assertThat(asked).hasValue(1);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void brokerOutageIsLoggedOnce(CapturedOutput output) {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        try {
            ReactiveHealthIndicator broker =
                    KafkaHealth.broker(Mono.error(new IllegalStateException("kafka-1.internal:9092")));

            for (int probe = 0; probe < 3; probe++) {
                health(broker);
                time.advanceTimeBy(Duration.ofSeconds(10));
            }

            assertThat(output.toString().lines()).singleElement().asString().contains("The broker does not answer");
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void readingTapIsUp() {
        assertThat(health(KafkaHealth.tap(() -> null)).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void failingTapIsDownWithReason() {
        Health health = health(KafkaHealth.tap(() -> new IllegalStateException("kafka-1.internal:9092")));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).hasSize(1).containsEntry("reason", "The tap cannot read the log");
    }

    @ParameterizedTest(name = "state {0}, served before: {1}, serves clients: {2}")
    @CsvSource(textBlock = """
            CREATED,         false, true,  DOWN, History is starting
            REBALANCING,     false, true,  DOWN, History is starting
            REBALANCING,     false, false, DOWN, History is starting
            RUNNING,         true,  true,  UP,
            RUNNING,         true,  false, UP,
            REBALANCING,     true,  true,  UP,   Partitions of history are moving or being restored
            REBALANCING,     true,  false, UP,   Partitions of history are moving or being restored
            PENDING_ERROR,   true,  true,  UP,   Kafka Streams is not running on this pod
            ERROR,           true,  true,  UP,   Kafka Streams is not running on this pod
            ERROR,           true,  false, DOWN, Kafka Streams is not running on this pod
            ERROR,           false, true,  DOWN, History is starting
            NOT_RUNNING,     true,  true,  UP,   Kafka Streams is not running on this pod
            NOT_RUNNING,     true,  false, DOWN, Kafka Streams is not running on this pod
            """)
    void readinessWaitsForHistoryAtStartAndLaterOnHistoryPodsOnly(
            State state, boolean served, boolean edge, String status, String reason) {
        Health health = health(KafkaHealth.history(() -> Optional.of(state), () -> served, () -> false, edge));

        assertThat(health.getStatus().getCode()).isEqualTo(status);
        assertThat(health.getDetails()).containsEntry("state", state.name());
        assertThat(health.getDetails().get("reason")).isEqualTo(reason);
    }

    @ParameterizedTest(name = "served before: {0}, serves clients: {1}")
    @CsvSource({"true, true, UP", "true, false, DOWN", "false, true, DOWN", "false, false, DOWN"})
    void repeatedHistoryFailureIsReportedInEveryState(boolean served, boolean edge, String status) {
        Health health = health(KafkaHealth.history(() -> Optional.of(State.RUNNING), () -> served, () -> true, edge));

        assertThat(health.getStatus().getCode()).isEqualTo(status);
        assertThat(health.getDetails())
                .containsEntry("reason", "Kafka Streams threads fail repeatedly: see the log of this pod");
    }

    @Test
    void rebuildingHistoryIsReportedAsNotRunning() {
        Optional<KafkaStreams.State> none = Optional.empty();

        Health health = health(KafkaHealth.history(() -> none, () -> true, () -> false, true));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("state", "NOT_RUNNING");
    }

    @Test
    void remoteHistoryDoesNotAffectReadiness() {
        Health health = health(KafkaHealth.elsewhere(URI.create("http://history:8080")));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
    }

    private static Health health(ReactiveHealthIndicator indicator) {
        return Objects.requireNonNull(indicator.health().block(Duration.ofSeconds(5)));
    }
}
