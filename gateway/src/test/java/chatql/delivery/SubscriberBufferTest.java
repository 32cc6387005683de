package chatql.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import chatql.message.Cursor;
import chatql.message.Message;
import chatql.user.UserId;
import org.junit.jupiter.api.Test;

class SubscriberBufferTest {
    private static final int LIGHT = message(0, "x").weight();

    @Test
    void bufferHoldsMessagesUpToItsCount() {
        var subscriberBuffer = new SubscriberBuffer(new BufferLimits(2, 1 << 20));

        assertThat(subscriberBuffer.offer(message(0, "x"))).isTrue();
        assertThat(subscriberBuffer.offer(message(1, "x"))).isTrue();
        assertThat(subscriberBuffer.offer(message(2, "x"))).isFalse();
        assertThat(subscriberBuffer).hasSize(2);
    }

    @Test
    void bufferHoldsMessagesUpToItsWeight() {
        var subscriberBuffer = new SubscriberBuffer(new BufferLimits(100, 2 * LIGHT));

        assertThat(subscriberBuffer.offer(message(0, "x"))).isTrue();
        assertThat(subscriberBuffer.offer(message(1, "xx"))).isFalse();
        assertThat(subscriberBuffer.offer(message(1, "x"))).isTrue();
        assertThat(subscriberBuffer.offer(message(2, "x"))).isFalse();
    }

    @Test
    void singleMessageOfAnyWeightIsAccepted() {
        var subscriberBuffer = new SubscriberBuffer(new BufferLimits(100, LIGHT));

        assertThat(subscriberBuffer.offer(message(0, "x".repeat(1_000)))).isTrue();
        assertThat(subscriberBuffer.offer(message(1, "x"))).isFalse();
    }

    @Test
    void polledMessageFreesRoom() {
        var subscriberBuffer = new SubscriberBuffer(new BufferLimits(2, 2 * LIGHT));
        subscriberBuffer.offer(message(0, "x"));
        subscriberBuffer.offer(message(1, "x"));

        assertThat(subscriberBuffer.poll()).isEqualTo(message(0, "x"));

        assertThat(subscriberBuffer.offer(message(2, "x"))).isTrue();
        assertThat(subscriberBuffer.poll()).isEqualTo(message(1, "x"));
        assertThat(subscriberBuffer.poll()).isEqualTo(message(2, "x"));
        assertThat(subscriberBuffer.poll()).isNull();
    }

    @Test
    void dropReturnsPositionBeforeFirstBufferedMessage() {
        var subscriberBuffer = new SubscriberBuffer(new BufferLimits(2, 1 << 20));
        subscriberBuffer.offer(message(3, "x"));
        subscriberBuffer.offer(message(4, "x"));

        Cursor position = subscriberBuffer.drop(message(5, "x"));

        assertThat(position.offset()).isEqualTo(2);
        assertThat(subscriberBuffer.poll()).isNull();
    }

    @Test
    void dropOfEmptyBufferReturnsPositionBeforeNewMessage() {
        var subscriberBuffer = new SubscriberBuffer(new BufferLimits(2, 1 << 20));

        assertThat(subscriberBuffer.drop(message(5, "x")).offset()).isEqualTo(4);
    }

    @Test
    void memoryIsSharedByAllSubscribers() {
        var memory = new BufferMemory(2 * LIGHT);
        var one = new SubscriberBuffer(new BufferLimits(100, 1 << 20, memory));
        var other = new SubscriberBuffer(new BufferLimits(100, 1 << 20, memory));

        assertThat(one.offer(message(1, "x"))).isTrue();
        assertThat(one.offer(message(2, "x"))).isTrue();
        assertThat(one.offer(message(3, "x"))).isFalse();
        // A subscriber with an empty buffer keeps up, and gets memory of its own.
        assertThat(other.offer(message(1, "x"))).isTrue();
        assertThat(other.offer(message(2, "x"))).isFalse();
        assertThat(memory.used()).isEqualTo(3 * LIGHT);

        one.poll();
        one.drop(message(3, "x"));
        other.forget();

        assertThat(memory.used()).isZero();
    }

    private static Message message(long offset, String content) {
        return new Message(new Cursor(0x1000, 1_000, 0, offset), new UserId("a"), new UserId("b"), content);
    }
}
