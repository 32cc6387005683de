package chatql.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java child process, which does not outlive this one. */
public final class Child implements AutoCloseable {
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
    private static final List<String> QUIET = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dlogback.configurationFile=chatql/bench/quiet.xml");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern HEAP = Pattern.compile("(?:garbage-first heap|def new generation|tenured generation)"
            + "\\s+total (?:reserved \\d+K, committed )?\\d+K, used (\\d+)K");

    private final String name;
    private final Process process;
    private final Path log;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Runs a class of this class path. Its output goes to a log in the directory. */
    public static Child ofClass(
            Path directory, String name, List<String> options, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>(QUIET);
        command.addAll(options);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return start(directory, name, command, true);
    }

    /** Runs a class as {@link #ofClass} does, but leaves its output to the reader of {@link #process}. */
    public static Child talking(Path directory, String name, List<String> options, Class<?> main) {
        List<String> command = new ArrayList<>(QUIET);
        command.addAll(options);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        return start(directory, name, command, false);
    }

    public static Child ofJar(Path directory, String name, List<String> options, Path jar, List<String> arguments) {
        List<String> command = new ArrayList<>(QUIET.subList(0, 2));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        return start(directory, name, command, true);
    }

    /** Runs a command in its own directory. */
    static Child in(Path home, Path directory, String name, List<String> command) {
        return start(home, directory, name, command, true);
    }

    static String java() {
        return JAVA.resolve("java").toString();
    }

    private static Child start(Path directory, String name, List<String> command, boolean logging) {
        return start(Path.of("").toAbsolutePath(), directory, name, command, logging);
    }

    private static Child start(Path home, Path directory, String name, List<String> command, boolean logging) {
        try {
            List<String> whole = new ArrayList<>(List.of(java()));
            whole.addAll(command);
            Path log = directory.resolve(name + ".log");
            var builder = new ProcessBuilder(whole).directory(home.toFile()).redirectError(log.toFile());
            if (logging) {
                builder.redirectErrorStream(true).redirectOutput(log.toFile());
            }
            return new Child(name, builder.start(), log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public Process process() {
        return process;
    }

    /** Waits until the condition holds. Throws where the process ends first, or where it takes too long. */
    public void await(Duration most, BooleanSupplier ready) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(name + " isn't ready; its log is " + log);
            }
            Thread.sleep(20);
        }
    }

    /** Whether it has printed the text. */
    public boolean hasSaid(String text) {
        try {
            return Files.readString(log).contains(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Seconds of processor time so far. */
    public double cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** Runs its garbage collection twice: the second returns to the system what the first frees. */
    public void collect() {
        command("GC.run");
        command("GC.run");
    }

    /** Its resident memory in bytes. */
    public long resident() {
        try {
            return first(RESIDENT, Files.readString(Path.of("/proc/" + process.pid() + "/status"))) * 1024;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Its used heap in bytes. */
    public long heap() {
        return first(HEAP, command("GC.heap_info")) * 1024;
    }

    private static long first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("There is no " + pattern + " in " + text);
        }
        return Long.parseLong(found.group(1));
    }

    private String command(String command) {
        try {
            Process asking = new ProcessBuilder(JAVA.resolve("jcmd").toString(), Long.toString(process.pid()), command)
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(asking.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            asking.waitFor(60, TimeUnit.SECONDS);
            return answer;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Waits until it has ended. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
