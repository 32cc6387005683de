package chatql.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedSemaphoreTest {
    private final KeyedSemaphore keyedSemaphore = new KeyedSemaphore(3);

    @Test
    void permitsOfEachKeyAreBounded() {
        assertThat(IntStream.range(0, 5)
                        .filter(each -> keyedSemaphore.tryAcquire("a"))
                        .count())
                .isEqualTo(3);
        assertThat(keyedSemaphore.tryAcquire("b")).isTrue();
    }

    @Test
    void releasedPermitIsAcquiredOnce() {
        IntStream.range(0, 5).forEach(each -> keyedSemaphore.tryAcquire("a"));

        keyedSemaphore.release("a");

        assertThat(keyedSemaphore.tryAcquire("a")).isTrue();
        assertThat(keyedSemaphore.tryAcquire("a")).isFalse();
    }

    @Test
    void permitCountIsExactUnderConcurrency() throws Exception {
        AtomicInteger maxAcquired = new AtomicInteger();
        Callable<Boolean> comeAndGo = () -> {
            for (int i = 0; i < 10_000; i++) {
                if (keyedSemaphore.tryAcquire("a")) {
                    maxAcquired.accumulateAndGet(keyedSemaphore.of("a"), Math::max);
                    keyedSemaphore.release("a");
                }
            }
            return true;
        };

        try (ExecutorService many = Executors.newFixedThreadPool(4)) {
            many.invokeAll(IntStream.range(0, 4).mapToObj(each -> comeAndGo).toList());
        }

        assertThat(maxAcquired.get()).isBetween(1, 3);
        assertThat(keyedSemaphore.of("a")).isZero();
    }
}
