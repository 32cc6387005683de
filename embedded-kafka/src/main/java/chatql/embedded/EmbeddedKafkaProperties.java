package chatql.embedded;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The settings of the embedded broker.
 *
 * @param dataDir the parent of all directories that outlive the process; a string, because Spring first searches a
 *     relative path on the class path
 * @param embeddedKafka the broker's own settings
 */
@ConfigurationProperties("chatql")
record EmbeddedKafkaProperties(
        @DefaultValue("./data") String dataDir,
        @DefaultValue Broker embeddedKafka) {

    /**
     * The broker's own settings.
     *
     * @param port the loopback port to listen on; 0 for a free one at each start
     * @param fsync whether each record is flushed to disk before it is acknowledged
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
