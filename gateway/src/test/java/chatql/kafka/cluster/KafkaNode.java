package chatql.kafka.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Supplier;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A controller or a broker in a process of its own, which stops properly on SIGTERM. Its arguments are the file of its
 * settings, the cluster's id, and the milliseconds by which its clock is ahead.
 */
public final class KafkaNode {
    private KafkaNode() {}

    public static void main(String[] arguments) throws Exception {
        var settings = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(file);
        }
        format(settings, arguments[1]);
        var server = new KafkaRaftServer(new KafkaConfig(settings), new Ahead(Long.parseLong(arguments[2])));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        server.startup();
        endWithParent();
        server.awaitShutdown();
    }

    private static void format(Properties settings, String cluster) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(Integer.parseInt(settings.getProperty("node.id")))
                .setClusterId(cluster)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(settings.getProperty("metadata.log.dir"))
                .addDirectory(settings.getProperty("metadata.log.dir"))
                .addDirectory(settings.getProperty("log.dirs"))
                .setIgnoreFormatted(true)
                .run();
    }

    /** The parent closes standard input when it ends, in any way. */
    private static void endWithParent() {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (System.in.read() >= 0) {}
            } catch (IOException broken) {
                // As if it had ended.
            }
            Runtime.getRuntime().halt(1);
        });
    }

    /** A wall clock that is ahead, and the system's monotonic clock. */
    private record Ahead(long millis) implements Time {
        @Override
        public long milliseconds() {
            return SYSTEM.milliseconds() + millis;
        }

        @Override
        public long nanoseconds() {
            return SYSTEM.nanoseconds();
        }

        @Override
        public void sleep(long time) {
            SYSTEM.sleep(time);
        }

        @Override
        public void waitObject(Object monitor, Supplier<Boolean> condition, long deadline) throws InterruptedException {
            SYSTEM.waitObject(monitor, condition, deadline - millis);
        }
    }
}
