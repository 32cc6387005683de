package chatql.kafka.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class StaleAnswersTest {
    private static final Map<Integer, LogEnd> SEEN = Map.of(0, new LogEnd(3_763, 3), 1, new LogEnd(10, LogEnd.UNKNOWN));
    private static final Map<Integer, LogEnd> STALE = Map.of(0, new LogEnd(3_015, 2));

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final StaleAnswers staleAnswers = new StaleAnswers(timer);

    @Test
    void answerOfReplacedLeaderIsDropped() {
        assertThat(staleAnswers.dropped(SEEN, STALE)).isEmpty();
    }

    @Test
    void lowerEndOfSameOrLaterLeaderIsKept() {
        assertThat(staleAnswers.dropped(SEEN, Map.of(0, new LogEnd(3_015, 3), 1, new LogEnd(4, 0))))
                .hasSize(2);
        assertThat(staleAnswers.dropped(SEEN, Map.of(0, new LogEnd(3_015, 4)))).hasSize(1);
        assertThat(staleAnswers.dropped(SEEN, Map.of(0, new LogEnd(3_763, 2)))).hasSize(1);
    }

    @Test
    void answersOfEarlierLeaderAreKeptAfterAMinuteWithoutOthers() {
        staleAnswers.dropped(SEEN, STALE);
        timer.advanceTimeBy(StaleAnswers.AT_MOST);
        assertThat(staleAnswers.dropped(SEEN, STALE)).isEmpty();
        timer.advanceTimeBy(Duration.ofMillis(1));
        assertThat(staleAnswers.dropped(SEEN, STALE)).isEqualTo(STALE);
    }

    @Test
    void answerOfCurrentLeaderStartsTheMinuteAgain() {
        staleAnswers.dropped(SEEN, STALE);
        timer.advanceTimeBy(StaleAnswers.AT_MOST);
        staleAnswers.dropped(SEEN, SEEN);
        timer.advanceTimeBy(StaleAnswers.AT_MOST);

        assertThat(staleAnswers.dropped(SEEN, STALE)).isEmpty();
    }
}
