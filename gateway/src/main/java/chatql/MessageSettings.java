package chatql;

import chatql.setting.PropertyConstraints;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds the messages that clients send.
 *
 * @param maxContentSize the size of a message's content in UTF-8
 */
@ConfigurationProperties("chatql.message")
record MessageSettings(@DefaultValue("16KB") DataSize maxContentSize) {
    MessageSettings {
        new PropertyConstraints("chatql.message").size("max-content-size", maxContentSize);
    }
}
