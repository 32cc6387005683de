package chatql;

import chatql.delivery.BufferLimits;
import chatql.delivery.BufferMemory;
import chatql.delivery.PageBuffer;
import chatql.setting.PropertyConstraints;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds the memory and the wait of a subscription.
 *
 * @param bufferMessages messages that may wait for one subscriber before it falls back to reading from history
 * @param bufferBytes memory that these messages may take, in bytes
 * @param historyTimeout how long a subscription waits for history before it ends with an error
 */
@ConfigurationProperties("chatql.delivery")
record DeliverySettings(
        @DefaultValue("256") int bufferMessages,
        @DefaultValue("1048576") int bufferBytes,
        @DefaultValue("60s") Duration historyTimeout) {
    DeliverySettings {
        var allowed = new PropertyConstraints("chatql.delivery");
        allowed.number("buffer-messages", bufferMessages, 1, 1_000_000);
        allowed.number("buffer-bytes", bufferBytes, 1, Integer.MAX_VALUE);
        allowed.duration("history-timeout", historyTimeout);
    }

    /** The fraction of the heap for messages that wait for subscribers: once for the tap, once for pages of history. */
    private static final int SHARE = 48;

    BufferLimits bufferLimits() {
        return new BufferLimits(bufferMessages, bufferBytes, new BufferMemory(maxBytes()));
    }

    PageBuffer pages() {
        return new PageBuffer(maxBytes());
    }

    private static long maxBytes() {
        return Runtime.getRuntime().maxMemory() / SHARE;
    }
}
