package chatql.embedded;

import java.nio.file.Path;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A one-node Kafka broker inside this JVM, reachable on the loopback interface only.
 *
 * <p>What is acknowledged stays in its directory: the next start on the same directory serves it again, within 10 s,
 * also after the process was killed. A directory serves one broker at a time.
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
     * Returns once the broker serves. An empty or missing directory is made ready first.
     *
     * @param port the port to listen on, or 0 for a free one
     * @param fsync whether each record is flushed to disk before it is acknowledged: without it, the loss of this machine's
     *     power may cost what was acknowledged in the last seconds, and the kill of this process costs nothing
     * @throws EmbeddedKafkaUnavailable when the directory can't be used or the port is taken
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

    /** Where clients find the broker: {@code host:port}. */
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
