package chatql.embedded;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Where the embedded broker lives.
 *
 * @param dataDir the directory below which everything that outlives the process is kept; a string, because Spring
 *     looks for a relative path on the class path first
 * @param embeddedKafka the broker's own settings
 */
@ConfigurationProperties("chatql")
record EmbeddedKafkaProperties(
        @DefaultValue("./data") String dataDir,
        @DefaultValue Broker embeddedKafka) {

    /**
     * The broker's own settings.
     *
     * @param port the loopback port it listens on; 0 takes a free one at each start
     * @param fsync whether it flushes each record to disk before it acknowledges it
     */
    record Broker(
            @DefaultValue("0") int port,
            @DefaultValue("false") boolean fsync) {
        Broker {
            if (port < 0 || port > 65_535) {
                throw new InvalidConfigurationPropertyValueException(
                        "chatql.embedded-kafka.port", port, "must be a number from 0 to 65535");
            }
        }
    }

    Path logDirectory() {
        return Path.of(dataDir, "kafka");
    }
}
