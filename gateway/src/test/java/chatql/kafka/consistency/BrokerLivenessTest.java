package chatql.kafka.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class BrokerLivenessTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private boolean away;
    /** How much the clock is ahead of the scheduler: the time that the pod was suspended. */
    private Duration slept = Duration.ZERO;

    private final BrokerLiveness brokerLiveness = new BrokerLiveness(
            Mono.defer(() -> away ? Mono.never() : Mono.just("here")),
            time,
            () -> time.now(TimeUnit.NANOSECONDS) + slept.toNanos());

    @BeforeEach
    void begin() {
        brokerLiveness.start();
    }

    @AfterEach
    void end() {
        brokerLiveness.stop();
        time.dispose();
    }

    @Test
    void periodContinuesWhileKafkaAnswers() {
        time.advanceTimeBy(Duration.ofMillis(1));
        OptionalLong first = brokerLiveness.uninterruptedSince();

        time.advanceTimeBy(Duration.ofMinutes(5));

        assertThat(first).isPresent();
        assertThat(brokerLiveness.uninterruptedSince()).isEqualTo(first);
    }

    @Test
    void singleMissedAnswerDoesNotEndPeriod() {
        time.advanceTimeBy(Duration.ofSeconds(5));
        OptionalLong first = brokerLiveness.uninterruptedSince();

        away = true;
        time.advanceTimeBy(Duration.ofMillis(1_500));
        away = false;
        time.advanceTimeBy(Duration.ofMillis(1_400));

        assertThat(brokerLiveness.uninterruptedSince()).isEqualTo(first);
    }

    @Test
    void kafkaOutageEndsPeriodAndRecoveryStartsAnother() {
        time.advanceTimeBy(Duration.ofSeconds(5));
        OptionalLong first = brokerLiveness.uninterruptedSince();

        away = true;
        time.advanceTimeBy(Duration.ofSeconds(5));
        OptionalLong meanwhile = brokerLiveness.uninterruptedSince();
        away = false;
        time.advanceTimeBy(Duration.ofSeconds(5));

        assertThat(meanwhile).isEmpty();
        assertThat(brokerLiveness.uninterruptedSince()).isPresent().isNotEqualTo(first);
    }

    @Test
    void sleepEndsPeriodAndWakingStartsAnother() {
        time.advanceTimeBy(Duration.ofSeconds(5));
        OptionalLong first = brokerLiveness.uninterruptedSince();

        slept = Duration.ofSeconds(10);
        OptionalLong onWaking = brokerLiveness.uninterruptedSince();
        time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(onWaking).isEmpty();
        assertThat(brokerLiveness.uninterruptedSince()).isPresent().isNotEqualTo(first);
    }
}
