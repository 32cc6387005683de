package chatql.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private final Schedule schedule = new Schedule(1_000, 1_000);

    @Test
    void sendTimesAreEvenlySpaced() {
        assertThat(schedule.moment(0)).isEqualTo(1_000);
        assertThat(schedule.moment(1)).isEqualTo(1_001_000);
        assertThat(schedule.moment(10_000)).isEqualTo(10_000_001_000L);
    }

    @Test
    void dueCountIsIndependentOfSentCount() {
        assertThat(schedule.due(999, 100)).isZero();
        assertThat(schedule.due(1_000, 100)).isEqualTo(1);
        assertThat(schedule.due(50_001_000, 100)).isEqualTo(51);
        assertThat(schedule.due(10_000_000_000L, 100)).isEqualTo(100);
    }
}
