package chatql;

import chatql.setting.PropertyConstraints;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What may be said.
 *
 * @param largestContent of a message's content, in UTF-8
 */
@ConfigurationProperties("chatql.message")
record MessageSettings(@DefaultValue("16KB") DataSize largestContent) {
    MessageSettings {
        new PropertyConstraints("chatql.message").size("largest-content", largestContent);
    }
}
