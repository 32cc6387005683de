package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final int LIGHT = message(0, "x").weight();

    @Test
    void itTakesAsManyMessagesAsItsBoundAndNoMore() {
        var backlog = new Backlog(new Bounds(2, 1 << 20));

        assertThat(backlog.offer(message(0, "x"))).isTrue();
        assertThat(backlog.offer(message(1, "x"))).isTrue();
        assertThat(backlog.offer(message(2, "x"))).isFalse();
        assertThat(backlog).hasSize(2);
    }

    @Test
    void itTakesAsMuchWeightAsItsBoundAndNoMore() {
        var backlog = new Backlog(new Bounds(100, 2 * LIGHT));

        assertThat(backlog.offer(message(0, "x"))).isTrue();
        assertThat(backlog.offer(message(1, "xx"))).isFalse();
        assertThat(backlog.offer(message(1, "x"))).isTrue();
        assertThat(backlog.offer(message(2, "x"))).isFalse();
    }

    @Test
    void oneMessageAloneIsTakenHoweverHeavy() {
        var backlog = new Backlog(new Bounds(100, LIGHT));

        assertThat(backlog.offer(message(0, "x".repeat(1_000)))).isTrue();
        assertThat(backlog.offer(message(1, "x"))).isFalse();
    }

    @Test
    void whatIsPolledMakesRoom() {
        var backlog = new Backlog(new Bounds(2, 2 * LIGHT));
        backlog.offer(message(0, "x"));
        backlog.offer(message(1, "x"));

        assertThat(backlog.poll()).isEqualTo(message(0, "x"));

        assertThat(backlog.offer(message(2, "x"))).isTrue();
        assertThat(backlog.poll()).isEqualTo(message(1, "x"));
        assertThat(backlog.poll()).isEqualTo(message(2, "x"));
        assertThat(backlog.poll()).isNull();
    }

    @Test
    void whatIsDroppedBeginsRightAfterThePosition() {
        var backlog = new Backlog(new Bounds(2, 1 << 20));
        backlog.offer(message(3, "x"));
        backlog.offer(message(4, "x"));

        Cursor position = backlog.drop(message(5, "x"));

        assertThat(position.offset()).isEqualTo(2);
        assertThat(backlog.poll()).isNull();
    }

    @Test
    void whereNothingWaitsThePositionIsRightBeforeTheOneThatCame() {
        var backlog = new Backlog(new Bounds(2, 1 << 20));

        assertThat(backlog.drop(message(5, "x")).offset()).isEqualTo(4);
    }

    @Test
    void memoryOfAllListenersIsShared() {
        var memory = new BufferMemory(2 * LIGHT);
        var one = new Backlog(new Bounds(100, 1 << 20, memory));
        var other = new Backlog(new Bounds(100, 1 << 20, memory));

        assertThat(one.offer(message(1, "x"))).isTrue();
        assertThat(one.offer(message(2, "x"))).isTrue();
        assertThat(one.offer(message(3, "x"))).isFalse();
        // A listener for which nothing waits keeps up, and has room of its own.
        assertThat(other.offer(message(1, "x"))).isTrue();
        assertThat(other.offer(message(2, "x"))).isFalse();
        assertThat(memory.used()).isEqualTo(3 * LIGHT);

        one.poll();
        one.drop(message(3, "x"));
        other.forget();

        assertThat(memory.used()).isZero();
    }

    private static Message message(long offset, String content) {
        return new Message(new Cursor(1, 1_000, 0, offset), new UserId("a"), new UserId("b"), content);
    }
}
