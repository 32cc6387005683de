package chatql.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class StateRebuilderTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicInteger rebuilt = new AtomicInteger();

    @Test
    void rebuildRunsOnceForManyRequests() {
        var stateRebuilder = new StateRebuilder(rebuilt::incrementAndGet, time, new Ticking(time));

        stateRebuilder.request("one");
        stateRebuilder.request("another");
        time.advanceTime();

        assertThat(rebuilt).hasValue(1);
    }

    @Test
    void failingRebuildIsRetriedAtGrowingIntervals() {
        var stateRebuilder = new StateRebuilder(this::fail, time, new Ticking(time));

        stateRebuilder.request("broken");
        time.advanceTimeBy(Duration.ofMinutes(10));

        // At 0, 1, 4, 11, 26 and 57 seconds, and then once a minute.
        assertThat(rebuilt).hasValueBetween(14, 16);
    }

    @Test
    void rebuildRunsAtOnceWhenLastOneIsLongAgo() {
        var stateRebuilder = new StateRebuilder(rebuilt::incrementAndGet, time, new Ticking(time));
        stateRebuilder.request("broken");
        time.advanceTimeBy(Duration.ofMinutes(5));

        stateRebuilder.request("corrupt again");
        time.advanceTime();

        assertThat(rebuilt).hasValue(2);
    }

    private void fail() {
        rebuilt.incrementAndGet();
        throw new IllegalStateException("still broken");
    }

    private static final class Ticking extends Clock {
        private final VirtualTimeScheduler time;

        Ticking(VirtualTimeScheduler time) {
            this.time = time;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
