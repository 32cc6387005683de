package chatql.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Scanner;

/** The machine of a run, as Linux describes it. */
public final class Machine {
    private static final int STEAL = 8;

    private final long[] ticks = ticks();

    /** A description in one line. */
    public static String description() {
        String processor = line(Path.of("/proc/cpuinfo"), "model name");
        String memory = line(Path.of("/proc/meminfo"), "MemTotal");
        return "%d cores of %s, %s of memory, Linux %s, Java %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        processor,
                        memory,
                        System.getProperty("os.version"),
                        System.getProperty("java.runtime.version"));
    }

    /** The processor load since this object was created, and the share that the hypervisor took. */
    public String disturbance() {
        long[] now = ticks();
        double all = 0;
        for (int i = 0; i <= STEAL; i++) {
            all += now[i] - ticks[i];
        }
        double idle = now[3] - ticks[3] + now[4] - ticks[4];
        double stolen = now[STEAL] - ticks[STEAL];
        return String.format(
                Locale.ROOT,
                "busy %.0f%%, of it %.1f%% taken by the hypervisor",
                100 * (1 - idle / all),
                100 * stolen / all);
    }

    /** The maximum number of open files of a process. */
    public static int openFiles() {
        return new Scanner(line(Path.of("/proc/self/limits"), "Max open files"))
                .tokens()
                .skip(1)
                .filter(hard -> hard.matches("\\d+"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    /** The checked-out commit, with a mark where files are modified. */
    public static String revision() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=10").start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        } catch (IOException noGit) {
            return "unknown";
        }
    }

    /** The text after the name, in the first line that begins with the name. */
    private static String line(Path file, String name) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(name.length()).replaceFirst("^\\s*:\\s*", ""))
                    .orElse("unknown");
        } catch (IOException notLinux) {
            return "unknown";
        }
    }

    private static long[] ticks() {
        return new Scanner(line(Path.of("/proc/stat"), "cpu "))
                .tokens()
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
