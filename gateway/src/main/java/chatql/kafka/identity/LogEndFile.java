package chatql.kafka.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the ends of the log on disk, because a broker that loses power may take the pod with it. The file may lag
 * behind the log, and is never ahead of it. Without a readable file, a loss of the log's end during a restart goes
 * unnoticed; nothing else depends on it.
 */
public final class LogEndFile {
    private static final Logger LOG = LoggerFactory.getLogger(LogEndFile.class);

    private final Path file;
    private final String topicId;

    /** @param topicId of the topic that the file is about; the content for another topic is ignored */
    public LogEndFile(Path file, String topicId) {
        this.file = file;
        this.topicId = topicId;
    }

    /** The stored ends by partition; empty if there are none. */
    Map<Integer, LogEnd> read() {
        Map<Integer, LogEnd> ends = new HashMap<>();
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            if (!lines.isEmpty() && lines.getFirst().equals(topicId)) {
                lines.stream()
                        .skip(1)
                        .map(line -> line.split(" ", 3))
                        .forEach(end -> ends.put(
                                Integer.valueOf(end[0]), new LogEnd(Long.parseLong(end[1]), Integer.parseInt(end[2]))));
            }
            return ends;
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("Cannot read {}; a loss of the log's end may go unnoticed: {}", file, unreadable.toString());
            return Map.of();
        }
    }

    void write(Map<Integer, LogEnd> ends) {
        var text = new StringBuilder(topicId).append('\n');
        ends.forEach((partition, end) -> text.append(partition)
                .append(' ')
                .append(end.offset())
                .append(' ')
                .append(end.leaderEpoch())
                .append('\n'));
        try {
            replace(text.toString().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void replace(byte[] text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.createDirectories(next.toAbsolutePath().getParent());
        Files.write(next, text);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
