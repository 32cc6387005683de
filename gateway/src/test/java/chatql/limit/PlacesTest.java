package chatql.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final Places places = new Places(3);

    @Test
    void thereAreSoManyOfEachKeyAndNoMore() {
        assertThat(IntStream.range(0, 5).filter(each -> places.take("a")).count())
                .isEqualTo(3);
        assertThat(places.take("b")).isTrue();
    }

    @Test
    void whoLeavesMakesRoomForOne() {
        IntStream.range(0, 5).forEach(each -> places.take("a"));

        places.leave("a");

        assertThat(places.take("a")).isTrue();
        assertThat(places.take("a")).isFalse();
    }

    @Test
    void noneIsLostOrWonAmongMany() throws Exception {
        AtomicInteger most = new AtomicInteger();
        Callable<Boolean> comeAndGo = () -> {
            for (int i = 0; i < 10_000; i++) {
                if (places.take("a")) {
                    most.accumulateAndGet(places.of("a"), Math::max);
                    places.leave("a");
                }
            }
            return true;
        };

        try (ExecutorService many = Executors.newFixedThreadPool(4)) {
            many.invokeAll(IntStream.range(0, 4).mapToObj(each -> comeAndGo).toList());
        }

        assertThat(most.get()).isBetween(1, 3);
        assertThat(places.of("a")).isZero();
    }
}
