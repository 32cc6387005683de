package chatql;

import chatql.delivery.BufferLimits;
import chatql.delivery.BufferMemory;
import chatql.delivery.PageBuffer;
import chatql.setting.PropertyConstraints;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a subscription may cost, and how long it waits.
 *
 * @param bufferMessages how many messages may wait for one subscriber before it reads on from history instead
 * @param bufferBytes how much memory they may take
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

    /** In parts of the heap, what messages may take that wait for subscribers: once for the tap's, once for history's. */
    private static final int SHARE = 48;

    BufferLimits bufferLimits() {
        return new BufferLimits(bufferMessages, bufferBytes, new BufferMemory(share()));
    }

    PageBuffer pages() {
        return new PageBuffer(share());
    }

    private static long share() {
        return Runtime.getRuntime().maxMemory() / SHARE;
    }
}
