package chatql.kafka.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.history.HistoryUnavailable;
import chatql.kafka.store.Source;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class CatchUpTest {
    private static final Source SOURCE = new Source("store", 0, 0);

    private final Timer waits = new SimpleMeterRegistry().timer("waits");
    private final StoreProgress storeProgress = new StoreProgress();
    private final CatchUp catchUp = new CatchUp(storeProgress, Duration.ofMillis(20), waits);

    @Test
    void reachedOffsetIsNotAwaited() {
        storeProgress.follow(SOURCE).reached(7);

        StepVerifier.create(catchUp.reach(SOURCE, 7)).verifyComplete();

        assertThat(waits.count()).isZero();
    }

    @Test
    void waitIsTimed() {
        StepVerifier.create(catchUp.reach(SOURCE, 7))
                .then(() -> storeProgress.follow(SOURCE).reached(7))
                .verifyComplete();

        assertThat(waits.count()).isEqualTo(1);
    }

    @Test
    void failedWaitIsTimedAndEndsWithError() {
        StepVerifier.create(catchUp.reach(SOURCE, 7)).verifyError(HistoryUnavailable.class);

        assertThat(waits.count()).isEqualTo(1);
    }
}
