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
 * Where the stores lie, a directory for each task. All of it can be made again from the log, so that of a task nothing
 * is mended: it is moved aside, and the other tasks stay.
 */
public final class StateQuarantine {
    private static final Logger LOG = LoggerFactory.getLogger(StateQuarantine.class);
    private static final Pattern TASK = Pattern.compile("\\d+_\\d+");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);

    /** To find out what happened the latest few do, and a disk that breaks things must not run full of them. */
    private static final int KEPT = 3;

    private final Path tasks;
    private final Path aside;
    private final Clock clock;

    /** @param tasks with a directory for each
     * @param aside where those go that are broken, on the same file system */
    public StateQuarantine(Path tasks, Path aside, Clock clock) {
        this.tasks = tasks;
        this.aside = aside;
        this.clock = clock;
    }

    /** Moves aside what only looks like a store; quick. */
    public void withoutMissing() {
        moveAside(TaskStateFiles::missing);
    }

    /** Moves aside what can't be read, which takes as long as reading all of it. Nothing may be open. Says whether there was any. */
    public boolean withoutDamaged() {
        return moveAside(TaskStateFiles::damage);
    }

    private boolean moveAside(Function<TaskStateFiles, Optional<String>> fault) {
        boolean any = false;
        for (Path task : tasks()) {
            Optional<String> found = fault.apply(new TaskStateFiles(task));
            found.ifPresent(why -> moveAside(task, why));
            any |= found.isPresent();
        }
        return any;
    }

    private List<Path> tasks() {
        return TaskStateFiles.directories(tasks).stream()
                .filter(task -> TASK.matcher(task.getFileName().toString()).matches())
                .toList();
    }

    private void moveAside(Path task, String why) {
        Path to = aside.resolve(TIME.format(clock.instant()) + "-" + task.getFileName());
        try {
            Files.createDirectories(aside);
            Files.move(task, to);
            forgetOldest();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        LOG.warn(
                "The state of task {} is broken and is rebuilt from the log ({}). It was moved to {}; when this comes"
                        + " again, look at the disk",
                task.getFileName(),
                why,
                to);
    }

    private void forgetOldest() throws IOException {
        List<Path> moved = TaskStateFiles.directories(aside);
        for (Path old : moved.subList(0, Math.max(0, moved.size() - KEPT))) {
            FileSystemUtils.deleteRecursively(old);
        }
    }
}
