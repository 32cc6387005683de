package chatql.kafka.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogMarksTest {
    private final LogMarks marks = new LogMarks(2);

    @Test
    void endOfReadRecordsHasTheirLeaderEpoch() {
        marks.read(1, 5, 0);
        marks.read(1, 6, 2);
        marks.read(1, 3, 0);

        assertThat(marks.read(1)).isEqualTo(new LogEnd(7, 2));
        assertThat(marks.read(0)).isEqualTo(new LogEnd(0, LogEnd.UNKNOWN));
    }

    @Test
    void acknowledgementRaisesEndButNotThatOfReadRecords() {
        marks.read(0, 5, 1);
        marks.reached(0, 9);

        assertThat(marks.end(0)).isEqualTo(9);
        assertThat(marks.read(0)).isEqualTo(new LogEnd(6, 1));
    }
}
