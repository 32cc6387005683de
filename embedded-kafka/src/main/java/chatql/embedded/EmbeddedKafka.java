package chatql.embedded;

import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A single-node Kafka broker in this JVM, which listens on the loopback interface only.
 *
 * <p>Acknowledged records stay in its directory. The next start on that directory serves them again within 10 s, even
 * after the process was killed. Only one broker may use a directory at a time.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int ANY_PORT = 0;

    private final LogDirectory directory;
    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(LogDirectory directory, KafkaRaftServer server, int port) {
        this.directory = directory;
        this.server = server;
        this.bootstrapServers = LoopbackPort.HOST + ":" + port;
    }

    /** As {@link #start(Path, int)}, on a free port. */
    public static EmbeddedKafka start(Path directory) {
        return start(directory, ANY_PORT);
    }

    /** As {@link #start(Path, int, boolean)}, without flushing. */
    public static EmbeddedKafka start(Path directory, int port) {
        return start(directory, port, false);
    }

    /**
     * Returns once the broker serves. Formats an empty or missing directory first.
     *
     * @param port the port to listen on, or 0 for a free one
     * @param fsync whether each record is flushed to disk before it is acknowledged. Without it, a power loss of the
     *     machine may lose records that were acknowledged in the last seconds, but a kill of this process loses
     *     nothing.
     * @throws EmbeddedKafkaUnavailable if the directory cannot be used or the port is taken
     */
    public static EmbeddedKafka start(Path directory, int port, boolean fsync) {
        var claimed = LogDirectory.claim(directory);
        try {
            return start(claimed, LoopbackPort.claim(port), fsync);
        } catch (RuntimeException failure) {
            claimed.close();
            throw failure;
        }
    }

    private static EmbeddedKafka start(LogDirectory directory, int port, boolean fsync) {
        var settings = BrokerSettings.of(directory.path(), port, LoopbackPort.claim(ANY_PORT), fsync);
        var server = server(directory, new KafkaConfig(settings));
        server.startup();
        return new EmbeddedKafka(directory, server, port);
    }

    private static KafkaRaftServer server(LogDirectory directory, KafkaConfig configuration) {
        try {
            return new KafkaRaftServer(configuration, Time.SYSTEM);
        } catch (RuntimeException failure) {
            throw new EmbeddedKafkaUnavailable(directory.path() + " holds no log this broker can serve", failure);
        }
    }

    /** The address for clients: {@code host:port}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Returns once the broker has stopped and the directory is free for the next one. */
    @Override
    public void close() {
        try {
            server.shutdown();
            server.awaitShutdown();
        } finally {
            directory.close();
        }
    }
}
