package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageBufferTest {
    private static final Message FIRST = message(1);
    private static final Message SECOND = message(2);
    private static final List<Message> PAGE = List.of(FIRST, SECOND);
    private static final int WEIGHT = FIRST.weight() + SECOND.weight();

    private final PageBuffer buffer = new PageBuffer(2 * WEIGHT);

    @Test
    void pagesAreDrainedInOrderAndFreeTheirMemory() {
        PageBuffer.Rest rest = buffer.hold(PAGE);

        assertThat(buffer.used()).isEqualTo(WEIGHT);
        assertThat(rest).toIterable().containsExactly(FIRST, SECOND);
        assertThat(buffer.used()).isZero();
    }

    @Test
    void emptyPageTakesNoMemory() {
        assertThat(buffer.hold(List.of()).hasNext()).isFalse();
        assertThat(buffer.used()).isZero();
    }

    @Test
    void longestIdlePageIsDroppedForNewOne() {
        PageBuffer.Rest idle = buffer.hold(PAGE);
        PageBuffer.Rest busy = buffer.hold(PAGE);
        idle.next();
        busy.next();

        buffer.hold(PAGE);

        assertThat(buffer.used()).isEqualTo(2 * WEIGHT);
        assertThat(busy.next()).isEqualTo(SECOND);
        assertThat(idle.hasNext()).isTrue();
        assertThatThrownBy(idle::next).isInstanceOf(PageBuffer.Dropped.class);
    }

    @Test
    void pageLargerThanBufferIsHeldAlone() {
        var tiny = new PageBuffer(1);
        PageBuffer.Rest first = tiny.hold(PAGE);

        PageBuffer.Rest second = tiny.hold(PAGE);

        assertThatThrownBy(first::next).isInstanceOf(PageBuffer.Dropped.class);
        assertThat(second).toIterable().containsExactly(FIRST, SECOND);
    }

    @Test
    void droppedPageIsCountedOnce() {
        PageBuffer.Rest rest = buffer.hold(PAGE);

        rest.drop();
        rest.drop();

        assertThat(buffer.used()).isZero();
    }

    private static Message message(long offset) {
        return new Message(new Cursor(0x1000, 1_000, 0, offset), new UserId("a"), new UserId("b"), "hello");
    }
}
