package chatql.kafka.streams;

import chatql.setting.PropertyConstraints;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The directory for data that this pod can derive again.
 *
 * @param dataDir the parent of the state stores, and of the embedded broker's log. Only one process may use it at a
 *     time. A string, because Spring first searches a relative path on the class path.
 */
@ConfigurationProperties("chatql")
public record DataSettings(@DefaultValue("./data") String dataDir) {
    public DataSettings {
        new PropertyConstraints("chatql").that(!dataDir.isBlank(), "data-dir", dataDir, "a directory");
    }

    public Path streams() {
        return Path.of(dataDir, "streams");
    }

    public Path logEnds() {
        return Path.of(dataDir, "log-ends");
    }

    public Path broken() {
        return Path.of(dataDir, "streams-broken");
    }
}
