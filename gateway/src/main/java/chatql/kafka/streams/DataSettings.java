package chatql.kafka.streams;

import chatql.setting.PropertyConstraints;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where this pod keeps what it can make again.
 *
 * @param dataDir below which the stores of history lie, and the log of the broker inside; one process at a time. A string,
 *     because Spring looks for a relative path on the class path first
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
