package chatql.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private final AtomicLong now = new AtomicLong(1);
    private final RateLimiter rateLimiter = new RateLimiter(2, 10, new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return now.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    });

    @Test
    void savedBurstIsAllowedAndThenSteadyRate() {
        assertThat(taken("anna", 50)).isEqualTo(10);

        passes(Duration.ofSeconds(3));

        assertThat(taken("anna", 50)).isEqualTo(6);
    }

    @Test
    void rejectedCallerGetsTimeUntilNextPermit() {
        taken("anna", 10);

        assertThat(rateLimiter.tryAcquire("anna")).contains(Duration.ofMillis(500));
    }

    @Test
    void callersDoNotAffectEachOther() {
        taken("eve", 1_000);

        assertThat(rateLimiter.tryAcquire("anna")).isEmpty();
    }

    @Test
    void idleCallerHasAtMostFullBucket() {
        taken("anna", 10);

        passes(Duration.ofHours(1));

        assertThat(taken("anna", 50)).isEqualTo(10);
    }

    private void passes(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private long taken(String key, int tries) {
        return IntStream.range(0, tries)
                .filter(each -> rateLimiter.tryAcquire(key).isEmpty())
                .count();
    }
}
