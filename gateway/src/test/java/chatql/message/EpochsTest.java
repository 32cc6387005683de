package chatql.message;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.user.UserId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EpochsTest {
    private static final long FIRST = 0x7000;

    /** Partition 1 has lost everything from offset 10 on, then from 4 on, and later from 6 on. */
    private final Epochs epochs = new Epochs(FIRST, Map.of(1, new TreeMap<>(Map.of(4L, 2, 6L, 3))));

    @Test
    void positionsBeforeLossAreOfFirstEpoch() {
        assertThat(epochs.of(1, 3)).isEqualTo(FIRST);
        assertThat(epochs.of(0, 100)).isEqualTo(FIRST);
    }

    @Test
    void positionsAfterLossAreOfItsEpoch() {
        assertThat(epochs.of(1, 4)).isEqualTo(FIRST + 2);
        assertThat(epochs.of(1, 5)).isEqualTo(FIRST + 2);
        assertThat(epochs.of(1, 6)).isEqualTo(FIRST + 3);
    }

    @Test
    void cursorOfFormerEpochAfterLossIsLost() {
        assertThat(epochs.hasLost(cursor(FIRST, 4))).isTrue();
        assertThat(epochs.hasLost(cursor(FIRST + 1, 10))).isTrue();
        assertThat(epochs.hasLost(cursor(FIRST + 2, 6))).isTrue();
    }

    @Test
    void validCursorIsNotLost() {
        assertThat(epochs.hasLost(cursor(FIRST, 3))).isFalse();
        assertThat(epochs.hasLost(cursor(FIRST + 2, 5))).isFalse();
        assertThat(epochs.isOf(cursor(FIRST + 3, 6))).isTrue();
    }

    @Test
    void cursorOfAnotherTopicIsNeitherValidNorLost() {
        assertThat(epochs.isOf(cursor(1, 3))).isFalse();
        assertThat(epochs.hasLost(cursor(1, 3))).isFalse();
        assertThat(epochs.hasLost(cursor(FIRST + 4, 6))).isFalse();
    }

    @Test
    void messagesAtOneOffsetBeforeAndAfterLossHaveDifferentIds() {
        assertThat(List.of(FIRST, FIRST + 2, FIRST + 3))
                .extracting(epoch -> new Message(cursor(epoch, 6), new UserId("1"), new UserId("2"), "").id())
                .containsExactly("1-6", "1-6-2", "1-6-3");
    }

    @Test
    void firstEpochOfTopicHasCountedNoLoss() {
        long topicId = 0x1234_5678_9abc_4fffL;

        assertThat(Epochs.first(topicId)).isEqualTo(0x1234_5678_9abc_4000L);
        assertThat(Epochs.lossesBefore(Epochs.first(topicId) + 3)).isEqualTo(3);
    }

    @Test
    void lostCursorIsDistinguishedFromInvalidOne() {
        var logRange = new LogRange(epochs, 1, 0, 8);

        assertThat(logRange.covers(cursor(FIRST, 3))).isTrue();
        assertThat(logRange.covers(cursor(FIRST, 5))).isFalse();
        assertThat(logRange.hasLost(cursor(FIRST, 5))).isTrue();
        assertThat(logRange.covers(cursor(FIRST + 3, 8))).isFalse();
        assertThat(logRange.hasLost(new Cursor(FIRST, 0, 0, 5))).isFalse();
    }

    private static Cursor cursor(long epoch, long offset) {
        return new Cursor(epoch, 0, 1, offset);
    }
}
