package chatql.kafka.tap;

import chatql.setting.PropertyConstraints;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this pod listens to the log.
 *
 * @param idleCloseDelay how long a partition is still read after the last listener in it has left
 * @param fetchMaxWait the longest that the broker holds a read for records to come; a newly opened partition waits for it, too
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
