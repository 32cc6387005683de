package chatql.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The directory of the broker's log, formatted and locked against other processes until it is closed.
 *
 * <p>Kafka locks the directory, too, but ends the JVM if it is in use.
 */
final class LogDirectory implements AutoCloseable {
    private static final String LOCK_FILE = ".in-use";
    /** Formatting writes this file last, so its presence shows that the directory is complete. */
    private static final String FORMATTED = "meta.properties";

    private final Path path;
    private final FileChannel lock;

    private LogDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Creates, locks and formats the directory, if that was not done before. */
    static LogDirectory claim(Path directory) {
        var path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            var claimed = new LogDirectory(path, lock(path));
            claimed.format();
            return claimed;
        } catch (IOException failure) {
            throw new EmbeddedKafkaUnavailable(path + " can't be written", failure);
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        var channel = FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(channel)) {
            channel.close();
            throw new EmbeddedKafkaUnavailable(path + " is in use by another gateway");
        }
        return channel;
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException lockedByThisProcess) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    private void format() {
        if (Files.exists(path.resolve(FORMATTED))) {
            return;
        }
        try {
            formatter().run();
        } catch (Exception failure) {
            close();
            throw new EmbeddedKafkaUnavailable(path + " can't be formatted", failure);
        }
    }

    private Formatter formatter() {
        return new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(BrokerSettings.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName(BrokerSettings.CONTROLLER)
                .setMetadataLogDirectory(path.toString())
                .addDirectory(path.toString());
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException failure) {
            throw new EmbeddedKafkaUnavailable(path + " could not be released", failure);
        }
    }
}
