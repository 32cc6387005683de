package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class ConcurrentSubscriptionsTest {
    private final Scheduler threads = Schedulers.newParallel("readers", 4);

    @AfterEach
    void endThreads() {
        threads.dispose();
    }

    @Test
    void concurrentSubscribersGetTheirMessagesOnceAndInOrder() throws Exception {
        long joins = new ConcurrentRound(1, threads).run(100, 5_000);

        assertThat(joins).as("joins").isGreaterThan(5_000);
    }
}
