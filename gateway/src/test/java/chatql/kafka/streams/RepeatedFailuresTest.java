package chatql.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RepeatedFailuresTest {
    private final AtomicLong nanoTime = new AtomicLong();
    private final RepeatedFailures failures = new RepeatedFailures(nanoTime::get);

    @Test
    void singleFailureIsNotLasting() {
        assertThat(failures.isLasting()).isFalse();
        failures.add();

        assertThat(failures.isLasting()).isFalse();
    }

    @Test
    void twoFailuresWithinAMinuteAreLastingUntilAQuietMinute() {
        failures.add();
        after(Duration.ofSeconds(59));
        failures.add();
        after(Duration.ofSeconds(59));

        assertThat(failures.isLasting()).isTrue();
        after(Duration.ofSeconds(1));
        assertThat(failures.isLasting()).isFalse();
    }

    @Test
    void failuresFurtherApartAreNotLasting() {
        failures.add();
        after(Duration.ofMinutes(2));
        failures.add();

        assertThat(failures.isLasting()).isFalse();
    }

    private void after(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }
}
