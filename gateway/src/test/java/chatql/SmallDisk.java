package chatql;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small file system in memory that one process sees in the place of a directory, so that its disk can be full. It
 * ends with the process.
 */
public record SmallDisk(Path directory, int megabytes) {
    private static final String MOUNT = "mount -t tmpfs -o size=%dm tmpfs '%s' && exec \"$@\"";

    /** Whether this system lets a user mount in a namespace of its own. */
    public static boolean isPossible() throws Exception {
        var directory = Files.createTempDirectory("chatql-mount");
        try {
            Process tried = new ProcessBuilder(new SmallDisk(directory, 1).command(List.of("true")))
                    .redirectErrorStream(true)
                    .start();
            return tried.waitFor(10, TimeUnit.SECONDS) && tried.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } finally {
            Files.delete(directory);
        }
    }

    /** The command, run in a namespace where the directory is this disk. The directory must exist. */
    public List<String> command(List<String> program) {
        var command =
                new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", MOUNT.formatted(megabytes, directory), "sh"));
        command.addAll(program);
        return command;
    }

    /** Fills the disk of the process to its last byte. */
    public void fill(long pid) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler(pid))) {
            fill(out, new byte[1 << 16]);
            fill(out, new byte[1]);
        }
    }

    private static void fill(OutputStream out, byte[] bytes) {
        try {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException full) {
            // That is the goal.
        }
    }

    /** Removes what {@link #fill} has written. */
    public void empty(long pid) throws IOException {
        Files.delete(filler(pid));
    }

    private Path filler(long pid) {
        return Path.of("/proc/" + pid + "/root")
                .resolve(directory.toString().substring(1))
                .resolve("filler");
    }
}
