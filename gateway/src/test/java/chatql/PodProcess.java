package chatql;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A pod in its own process, which can be killed. */
public final class PodProcess implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("Netty started on port (\\d+)");
    private static final Duration MAX_START_TIME = Duration.ofSeconds(90);

    /** The image's command line, without its AOT cache. */
    private static final List<String> IMAGE = List.of(
            "-XX:Flags=src/image/jvm.flags", "--sun-misc-unsafe-memory-access=allow", "-jar", "target/gateway.jar");

    private final Process process;
    private final Path log;
    private final int port;
    private final int managementPort;

    public PodProcess(World world, String state) throws Exception {
        this(world, state, List.of(), MAX_START_TIME);
    }

    /**
     * @param options of the JVM
     * @param atMost the time until it must be ready
     */
    public PodProcess(World world, String state, List<String> options, Duration atMost) throws Exception {
        this(program(options), arguments(world, state), atMost, command -> command);
    }

    private PodProcess(
            List<String> program, List<String> arguments, Duration atMost, UnaryOperator<List<String>> runner)
            throws Exception {
        log = Files.createTempFile("chatql-pod", ".log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(program);
        command.addAll(arguments);
        process = new ProcessBuilder(runner.apply(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await("the process to be ready").atMost(atMost).until(() -> isReady(log));
        port = ports(log).getFirst();
        managementPort = ports(log).get(1);
    }

    private static List<String> program(List<String> options) {
        var program = new ArrayList<>(options);
        program.addAll(List.of("-cp", System.getProperty("java.class.path"), Gateway.class.getName()));
        return program;
    }

    private static List<String> arguments(World world, String state) {
        var arguments = new ArrayList<>(world.arguments(state));
        arguments.add("--logging.level.root=info");
        return arguments;
    }

    /**
     * The built jar with the image's flags and the default limits.
     *
     * @param heap its size, such as {@code 256m}
     * @param own further arguments
     */
    public static PodProcess ofJar(World world, String state, String heap, String... own) throws Exception {
        var program = new ArrayList<>(List.of("-Xmx" + heap));
        program.addAll(IMAGE);
        var arguments = new ArrayList<>(world.arguments(state));
        arguments.removeIf(argument -> argument.startsWith("--chatql.limits."));
        arguments.addAll(List.of(own));
        return new PodProcess(program, arguments, MAX_START_TIME, command -> command);
    }

    /** A pod that sees this disk. */
    public static PodProcess on(SmallDisk disk, World world, String state) throws Exception {
        return new PodProcess(program(List.of()), arguments(world, state), MAX_START_TIME, disk::command);
    }

    private static boolean isReady(Path log) throws Exception {
        List<Integer> ports = ports(log);
        return ports.size() == 2 && Pod.isReady(URI.create("http://127.0.0.1:" + ports.get(1)));
    }

    private static List<Integer> ports(Path log) throws Exception {
        return PORT.matcher(Files.readString(log))
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .toList();
    }

    public Chat chat() {
        return new Chat(URI.create("http://127.0.0.1:" + port + "/graphql"));
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Whether Kubernetes' readiness probe would succeed. */
    public boolean isReady() {
        return Pod.isReady(URI.create("http://127.0.0.1:" + managementPort));
    }

    /** Its log so far. */
    public String logged() throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    /** The number of lines in its log so far. */
    public long logLines() throws IOException {
        return logged().lines().count();
    }

    /** The current metrics, as Prometheus would read them. */
    public Scrape scrape() {
        return Pod.scrape(URI.create("http://127.0.0.1:" + managementPort));
    }

    /** Sends SIGTERM, as Kubernetes does. The future completes with the exit code when the process has ended. */
    public CompletableFuture<Integer> terminate() {
        process.destroy();
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Terminates as {@link #terminate()} does, waits, and returns how long that took. */
    public Duration terminate(Duration atMost) {
        long asked = System.nanoTime();
        terminate().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join();
        return Duration.ofNanos(System.nanoTime() - asked);
    }

    /** Kills the process as kill -9 does. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Suspends the process, as a sleeping machine does. */
    public void sleep() throws Exception {
        signal("STOP");
    }

    public void wake() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        kill();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
