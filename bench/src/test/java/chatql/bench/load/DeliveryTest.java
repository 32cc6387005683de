package chatql.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    @Test
    void deliveryIsParsedFromNextMessage() {
        ByteBuf frame =
                text("{\"id\":\"1\",\"type\":\"next\",\"payload\":{\"data\":{\"messages\":{\"place\":\"11-1234\","
                        + "\"cursor\":\"abc_-9\",\"content\":\"" + Delivery.content(17, 123_456_789_012L) + "\"}}}}");

        assertThat(Delivery.in(frame)).isEqualTo(new Delivery(17, 123_456_789_012L, 1234));
        assertThat(Delivery.cursor(frame)).isEqualTo("abc_-9");
    }

    @Test
    void otherMessagesHoldNoDelivery() {
        assertThat(Delivery.in(text("{\"type\":\"pong\"}"))).isNull();
        assertThat(Delivery.in(text(""))).isNull();
        assertThat(Delivery.cursor(text("{\"type\":\"pong\"}"))).isNull();
    }

    @Test
    void contentHasHundredCharacters() {
        assertThat(Delivery.content(1, 2)).hasSize(100).startsWith("#1 2 ");
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
