package chatql.kafka.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The quarantine for the state of tasks, each of which has a directory with its stores. All state can be derived from
 * the log again. Therefore the whole state of a corrupt task is moved to quarantine, and other tasks keep theirs.
 */
public final class StateQuarantine {
    private static final Logger LOG = LoggerFactory.getLogger(StateQuarantine.class);
    private static final Pattern TASK = Pattern.compile("\\d+_\\d+");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);

    /** How many corrupt states to keep. The latest few show what happened, and more must not fill a disk. */
    private static final int MAX_KEPT = 3;

    private final Path tasks;
    private final Path quarantine;
    private final Clock clock;

    /**
     * @param tasks the parent of the tasks' directories
     * @param quarantine the directory for corrupt state, on the same file system
     */
    public StateQuarantine(Path tasks, Path quarantine, Clock clock) {
        this.tasks = tasks;
        this.quarantine = quarantine;
        this.clock = clock;
    }

    /** Moves state with missing files to quarantine. Quick. */
    public void withoutMissing() {
        moveAside(TaskStateFiles::missing);
    }

    /**
     * Moves unreadable state to quarantine, which takes as long as reading all of it. No store may be open. Returns
     * whether there was any.
     */
    public boolean withoutDamaged() {
        return moveAside(TaskStateFiles::damage);
    }

    private boolean moveAside(Function<TaskStateFiles, Optional<String>> check) {
        boolean any = false;
        for (Path task : tasks()) {
            Optional<String> found = check.apply(new TaskStateFiles(task));
            found.ifPresent(reason -> moveAside(task, reason));
            any |= found.isPresent();
        }
        return any;
    }

    private List<Path> tasks() {
        return TaskStateFiles.directories(tasks).stream()
                .filter(task -> TASK.matcher(task.getFileName().toString()).matches())
                .toList();
    }

    private void moveAside(Path task, String reason) {
        Path to = quarantine.resolve(TIME.format(clock.instant()) + "-" + task.getFileName());
        try {
            Files.createDirectories(quarantine);
            Files.move(task, to);
            deleteOldest();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        LOG.warn(
                "The state of task {} is corrupt and is rebuilt from the log ({}). It was moved to {}; if this happens"
                        + " again, check the disk",
                task.getFileName(),
                reason,
                to);
    }

    private void deleteOldest() throws IOException {
        List<Path> moved = TaskStateFiles.directories(quarantine);
        for (Path old : moved.subList(0, Math.max(0, moved.size() - MAX_KEPT))) {
            FileSystemUtils.deleteRecursively(old);
        }
    }
}
