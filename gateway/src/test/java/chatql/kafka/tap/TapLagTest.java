package chatql.kafka.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class TapLagTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final TapLag lag = new TapLag(Mono.defer(this::lags), meters, time);

    private Mono<Map<Integer, Long>> lags = Mono.empty();

    @BeforeEach
    void begin() {
        lag.start();
    }

    @AfterEach
    void end() {
        lag.stop();
        time.dispose();
    }

    private Mono<Map<Integer, Long>> lags() {
        return lags;
    }

    @Test
    void lagOfEachOpenPartitionIsReported() {
        publish(Mono.just(Map.of(0, 7L, 11, 0L)));

        assertThat(gauge(0).value()).isEqualTo(7);
        assertThat(gauge(11).value()).isZero();
    }

    /** A scrape that sees both a gauge and its replacement fails with status 500. */
    @Test
    void gaugeIsKeptWhileItsPartitionIsRead() {
        publish(Mono.just(Map.of(0, 7L)));
        Gauge first = gauge(0);

        publish(Mono.just(Map.of(0, 3L, 1, 5L)));

        assertThat(gauge(0)).isSameAs(first);
        assertThat(first.value()).isEqualTo(3);
    }

    @Test
    void closedPartitionHasNoGauge() {
        publish(Mono.just(Map.of(0, 7L, 1, 5L)));
        Gauge closed = gauge(0);

        publish(Mono.just(Map.of(1, 4L)));

        assertThat(meters.find("chatql.tap.lag").gauges()).containsExactly(gauge(1));
        assertThat(closed.value()).isNaN();
    }

    @Test
    void lagsAreQueriedAgainAfterFailureAndAfterSilence() {
        publish(Mono.error(new IllegalStateException("no consumer")));
        publish(Mono.never());
        publish(Mono.just(Map.of(0, 7L)));
        time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(gauge(0).value()).isEqualTo(7);
    }

    private void publish(Mono<Map<Integer, Long>> next) {
        lags = next;
        time.advanceTimeBy(Duration.ofSeconds(5));
    }

    private Gauge gauge(int partition) {
        return meters.get("chatql.tap.lag")
                .tag("partition", String.valueOf(partition))
                .gauge();
    }
}
