package chatql.kafka.tap;

import chatql.setting.PropertyConstraints;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the tap.
 *
 * @param idleCloseDelay how long a partition is still read after its last subscriber has left
 * @param fetchMaxWait how long the broker may hold a fetch until records arrive; opening a partition waits for this,
 *     too
 */
@ConfigurationProperties("chatql.tap")
public record TapSettings(
        @DefaultValue("30s") Duration idleCloseDelay,
        @DefaultValue("50ms") Duration fetchMaxWait) {
    public TapSettings {
        var allowed = new PropertyConstraints("chatql.tap");
        allowed.durationOrNone("idle-close-delay", idleCloseDelay);
        allowed.duration("fetch-max-wait", fetchMaxWait);
    }
}
