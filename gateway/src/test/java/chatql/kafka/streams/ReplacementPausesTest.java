package chatql.kafka.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplacementPausesTest {
    private final ReplacementPauses pauses =
            new ReplacementPauses(Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

    @Test
    void pausesDoubleFromOneSecondToMaximum() {
        assertThat(IntStream.range(0, 7).mapToObj(i -> pauses.pause().toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void endReleasesWaitingThread() throws Exception {
        pauses.pause();
        pauses.pause();
        pauses.pause();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(pauses::await);
        pauses.end();

        assertThat(waiting.get(5, TimeUnit.SECONDS)).isFalse();
    }
}
